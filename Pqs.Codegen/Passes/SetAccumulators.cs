using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Passes;

/// <summary>
/// Gives layers the accumulators that a user asks for. Where the schedule is left open, takes the cheapest that is proven to give the sorted schedule's
/// result: <c>bounded</c> where no order overflows, <c>exact</c> where only the whole sum may clip, and else the literal <c>sorted</c>.
/// </summary>
public static class SetAccumulators
{
    /// <returns>The changed graph, verified; null when an error was reported.</returns>
    public static Graph? Run(Graph graph, AccumulatorRequests requests, DiagnosticBag diagnostics)
    {
        var ranges = RangeAnalysis.Run(graph);
        var nodes = graph.Nodes.Select((node, index) => Find(graph, node, index, requests) is { } request
            ? node with { Operator = Set(graph, node, request, ranges, diagnostics) }
            : node).ToImmutableArray();
        foreach (var layer in requests.Layers)
        {
            if (!graph.Nodes.Index().Any(entry => entry.Item.Operator is DotProductOperator && Matches(layer.Pattern, graph, entry.Item, entry.Index)))
            {
                diagnostics.Report(DiagnosticDescriptors.PatternWithoutLayer, "--layer", Printable.Name(layer.Pattern));
            }
        }

        var changed = graph with { Nodes = nodes };
        return !diagnostics.HasErrors && GraphVerifier.Verify(changed, diagnostics) ? changed : null;
    }

    private static AccumulatorRequest? Find(Graph graph, Node node, int index, AccumulatorRequests requests) => node.Operator is DotProductOperator
        ? requests.Layers.LastOrDefault(layer => Matches(layer.Pattern, graph, node, index))?.Request ?? requests.Default
        : null;

    private static bool Matches(string pattern, Graph graph, Node node, int index) =>
        LayerPattern.Matches(pattern, index, node.Operator.Name, graph.Tensors[node.Output].Name);

    private static DotProductOperator Set(
        Graph graph, Node node, AccumulatorRequest request, ImmutableArray<TensorRange> ranges, DiagnosticBag diagnostics)
    {
        var dot = (DotProductOperator)node.Operator;
        var input = node.Inputs[0];
        var bounds = AccumulatorAnalysis.Run(dot, ranges[input], graph.Tensors[input].Quantization.ZeroPoint);
        var place = $"{graph.Name}: {node.Origin}";
        var proof = bounds.Max(channel => channel.ProofAt(request.Bits));
        if (request.Schedule == Schedule.Bounded && proof != Proof.AnyOrder)
        {
            var (channel, worst) = bounds.Index().MaxBy(entry => entry.Item.BitsForAnyOrder);
            diagnostics.Report(DiagnosticDescriptors.NotBounded, place, request.Bits, channel, worst.BitsForAnyOrder);
        }

        if (proof == Proof.None)
        {
            diagnostics.Report(DiagnosticDescriptors.ProductTooWide, place, request.Bits, bounds.Max(channel => channel.LargestProduct));
        }

        return dot with { Accumulator = new Accumulator(request.Bits, request.Schedule ?? Cheapest(proof, request.Bits)) };
    }

    private static Schedule Cheapest(Proof proof, int bits) => proof switch
    {
        _ when bits == Accumulator.MaximumBits => Schedule.Wide,
        Proof.AnyOrder => Schedule.Bounded,
        Proof.SortedOrder => Schedule.Exact,
        _ => new Schedule.Sorted(),
    };
}
