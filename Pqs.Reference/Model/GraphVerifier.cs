using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Model;

/// <summary>
/// Checks the invariants of a graph, each with an id of its own. Runs after import and after every pass; what runs later relies on them
/// and does not check again.
/// </summary>
public static class GraphVerifier
{
    /// <summary>Largest number of elements of one tensor, and of all weights together.</summary>
    public const int MaximumElements = 1 << 26;

    /// <summary>Largest number of elements of all activation tensors together.</summary>
    public const long MaximumActivations = 1L << 28;

    /// <summary>Largest number of nodes.</summary>
    public const int MaximumNodes = 4096;

    /// <summary>Largest number of multiply-accumulates of one inference.</summary>
    public const long MaximumMacs = 1L << 34;

    /// <summary>True when every invariant holds; otherwise at least one error is reported.</summary>
    public static bool Verify(Graph graph, DiagnosticBag diagnostics)
    {
        var before = diagnostics.ToImmutable().Length;
        Structure(graph).Verify(diagnostics);
        VerifyTensors(graph, diagnostics);

        // Nodes may share weights, so a small file can claim very many; what follows looks at each.
        VerifyLimit("nodes", graph.Nodes.Length, MaximumNodes, graph, diagnostics);
        VerifyLimit("weights", graph.Nodes.Sum(node => node.Operator is DotProductOperator dot ? (long)dot.Weights.Length : 0), MaximumElements, graph, diagnostics);
        if (diagnostics.ToImmutable().Length != before)
        {
            return false;
        }

        foreach (var node in graph.Nodes)
        {
            OperatorVerifier.Verify(graph, node, Place(graph, node), diagnostics);
        }

        if (diagnostics.ToImmutable().Length == before)
        {
            VerifySizes(graph, diagnostics);
        }

        return diagnostics.ToImmutable().Length == before;
    }

    private static string Place(Graph graph, Node node) => $"{Printable.Line(graph.Name)}: {node.Origin}";

    private static GraphStructure Structure(Graph graph) => new(
        graph.Name,
        [.. graph.Tensors.Select(tensor => tensor.Name)],
        [.. graph.Nodes.Select(node => (Place(graph, node), node.Inputs, node.Output))],
        graph.Inputs,
        graph.Outputs);

    private static void VerifyTensors(Graph graph, DiagnosticBag diagnostics)
    {
        foreach (var (id, tensor) in graph.Tensors.Index())
        {
            var name = Printable.Name(tensor.Name);
            if (!tensor.Shape.IsPossible)
            {
                diagnostics.Report(DiagnosticDescriptors.ShapeInvalid, graph.Name, name, tensor.Shape);
            }

            var (scale, zeroPoint) = tensor.Quantization;
            if (!(scale > 0 && float.IsFinite(scale)) || zeroPoint is < sbyte.MinValue or > sbyte.MaxValue)
            {
                diagnostics.Report(DiagnosticDescriptors.QuantizationInvalid, graph.Name, name, scale, zeroPoint);
            }

            var range = tensor.DeclaredRange;
            if (!range.IsPossible || (range != TensorRange.Full && !graph.Inputs.Contains(id)))
            {
                diagnostics.Report(DiagnosticDescriptors.DeclaredRangeInvalid, graph.Name, name, range.Minimum, range.Maximum);
            }
        }
    }

    private static void VerifySizes(Graph graph, DiagnosticBag diagnostics)
    {
        VerifyLimit("elements of all tensors", graph.Tensors.Sum(tensor => (long)tensor.Shape.ElementCount), MaximumActivations, graph, diagnostics);
        VerifyLimit("multiply-accumulates", graph.Nodes.Sum(node => WorkCount.Macs(graph, node)), MaximumMacs, graph, diagnostics);
    }

    private static void VerifyLimit(string what, long count, long limit, Graph graph, DiagnosticBag diagnostics)
    {
        if (count > limit)
        {
            diagnostics.Report(DiagnosticDescriptors.GraphTooLarge, graph.Name, what, count, limit);
        }
    }
}
