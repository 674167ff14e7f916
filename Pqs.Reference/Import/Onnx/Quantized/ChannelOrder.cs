namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>Finds inputs that a model takes as N×H×W×C, as converters from TensorFlow write them: the first thing done to them is a transpose.</summary>
internal static class ChannelOrder
{
    private static readonly long[] ToChannelsFirst = [0, 3, 1, 2];

    /// <summary>The names of the inputs of rank 4 of which every reader, behind quantizing nodes, makes N×C×H×W.</summary>
    public static HashSet<string> ChannelsLast(OnnxSourceModel source)
    {
        var readers = source.Nodes
            .SelectMany(node => node.Inputs.OfType<OnnxOperand>().Select(input => (input.Name, Node: node)))
            .ToLookup(edge => edge.Name, edge => edge.Node);
        return [.. source.Inputs.Where(input => input.Dimensions.Length == 4 && IsOnlyTransposed(input.Name, readers)).Select(input => input.Name)];
    }

    private static bool IsOnlyTransposed(string input, ILookup<string, OnnxNode> readers)
    {
        var isTransposed = false;
        var seen = new HashSet<string>(StringComparer.Ordinal) { input };
        var pending = new Stack<string>(seen);
        while (pending.TryPop(out var value))
        {
            foreach (var node in readers[value])
            {
                switch (node.Operator)
                {
                    case "Transpose" when node.Attributes.TryGetValue("perm", out var order) && order.Ints.SequenceEqual(ToChannelsFirst):
                        isTransposed = true;
                        break;
                    case "Identity" or "QuantizeLinear" or "DequantizeLinear" when node.Outputs.Length == 1:
                        if (seen.Add(node.Outputs[0]))
                        {
                            pending.Push(node.Outputs[0]);
                        }

                        break;
                    default:
                        return false;
                }
            }
        }

        return isTransposed;
    }
}
