using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.TfLite;

/// <summary>A node that an import must give, before tensors have ids.</summary>
/// <param name="Position">Its number in the file.</param>
/// <param name="Code">TensorFlow Lite's code of the operator.</param>
internal sealed record ExpectedNode(
    int Position, int Code, Operator Operator, ImmutableArray<Activation> Inputs, Activation Output)
{
    /// <summary>By the name that the file's operator has, which is not always the graph's.</summary>
    public string Origin => $"node {Position} {Code switch { 43 => "SQUEEZE", 70 => "EXPAND_DIMS", _ => Operator.Name }}";

    /// <summary>The nodes that contribute to an output, in order.</summary>
    public static ImmutableArray<ExpectedNode> Live(IReadOnlyList<ExpectedNode> nodes, IEnumerable<Activation> outputs)
    {
        var needed = outputs.Select(output => output.Index).ToHashSet();
        var live = new List<ExpectedNode>();
        foreach (var node in nodes.Reverse().Where(node => needed.Contains(node.Output.Index)))
        {
            live.Insert(0, node);
            needed.UnionWith(node.Inputs.Select(input => input.Index));
        }

        return [.. live];
    }
}
