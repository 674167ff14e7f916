using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.FloatModel;

/// <summary>
/// Checks the invariants of a float graph: its structure, shapes and limits, which are those of <see cref="GraphVerifier"/>, and finite constants. Runs after
/// import and after every pass; what runs later relies on them and does not check again.
/// </summary>
public static class FloatGraphVerifier
{
    /// <summary>True when every invariant holds; otherwise at least one error is reported.</summary>
    public static bool Verify(FloatGraph graph, DiagnosticBag diagnostics)
    {
        var before = diagnostics.Count;
        Structure(graph).Verify(diagnostics);
        foreach (var tensor in graph.Tensors.Where(tensor => !tensor.Shape.IsPossible))
        {
            diagnostics.Report(DiagnosticDescriptors.ShapeInvalid, graph.Name, Printable.Name(tensor.Name), tensor.Shape);
        }

        // Nodes may share weights, so a small file can claim very many; what follows looks at each.
        VerifyLimit("nodes", graph.Nodes.Length, GraphVerifier.MaximumNodes);
        VerifyLimit("weights", graph.Nodes.Sum(node => node.Operator is FloatDotProductOperator dot ? (long)dot.Weights.Length : 0), GraphVerifier.MaximumElements);
        if (diagnostics.Count != before)
        {
            return false;
        }

        foreach (var node in graph.Nodes)
        {
            FloatOperatorVerifier.Verify(new FloatNodeContext(graph, node, Place(graph, node), diagnostics));
        }

        if (diagnostics.Count == before)
        {
            VerifyLimit("elements of all tensors", graph.Tensors.Sum(tensor => (long)tensor.Shape.ElementCount), GraphVerifier.MaximumActivations);
            VerifyLimit("multiply-accumulates", graph.Nodes.Sum(graph.Macs), GraphVerifier.MaximumMacs);
        }

        return diagnostics.Count == before;

        void VerifyLimit(string what, long count, long limit)
        {
            if (count > limit)
            {
                diagnostics.Report(DiagnosticDescriptors.GraphTooLarge, graph.Name, what, count, limit);
            }
        }
    }

    private static string Place(FloatGraph graph, FloatNode node) => $"{Printable.Line(graph.Name)}: {node.Origin}";

    private static GraphStructure Structure(FloatGraph graph) => new(
        graph.Name,
        [.. graph.Tensors.Select(tensor => tensor.Name)],
        [.. graph.Nodes.Select(node => (Place(graph, node), node.Inputs, node.Output))],
        graph.Inputs,
        graph.Outputs);
}
