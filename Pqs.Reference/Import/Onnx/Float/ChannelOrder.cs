using System.Collections.Immutable;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>Finds inputs that a model takes as N×H×W×C, as converters from TensorFlow write them.</summary>
internal static class ChannelOrder
{
    private static readonly ImmutableArray<long> ToChannelsFirst = [0, 3, 1, 2];

    /// <summary>Operators that do not look at the order of dimensions.</summary>
    private static readonly ImmutableArray<string> Elementwise = ["Add", "Clip", "Div", "Dropout", "Identity", "Mul", "Relu", "Sub"];

    /// <summary>True when a transpose to N×C×H×W follows, with only operators between that do not look at the order.</summary>
    public static bool IsLast(OnnxSourceModel source, string input)
    {
        var isTransposed = false;
        var reached = new HashSet<string>(StringComparer.Ordinal) { input };
        foreach (var node in source.Nodes.Where(node => node.Inputs.Any(operand => operand != null && reached.Contains(operand.Name))))
        {
            if (node.Operator == "Transpose" && node.Attributes.GetValueOrDefault("perm") is { } order && order.Ints.SequenceEqual(ToChannelsFirst))
            {
                isTransposed = true;
            }
            else if (Elementwise.Contains(node.Operator))
            {
                reached.UnionWith(node.Outputs);
            }
            else
            {
                return false;
            }
        }

        return isTransposed;
    }
}
