using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan;

/// <summary>Chooses a kernel for each node.</summary>
internal static class KernelSelection
{
    /// <summary>What kernels know of each node of a verified graph, before memory is given to them.</summary>
    public static ImmutableArray<LayerContext> Contexts(Graph graph)
    {
        var ranges = RangeAnalysis.Run(graph);
        return [.. graph.Nodes.Select(node => Context(graph, node, ranges[node.Inputs[0]]))];
    }

    /// <param name="layers">The nodes of a graph.</param>
    /// <param name="objective">What matters where several kernels compute a node.</param>
    /// <param name="costs">Of the target.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static ImmutableArray<Step>? Run(ImmutableArray<LayerContext> layers, PlanObjective objective, CostTable costs, DiagnosticBag diagnostics)
    {
        var offers = new Queue<ImmutableArray<KernelOffer>>();
        var computed = layers.Where(layer => layer.Node.Operator is not Reshape).ToImmutableArray();
        foreach (var layer in computed)
        {
            var calls = KernelCatalog.All.SelectMany(kernel => kernel.Lower(layer)).ToImmutableArray();
            if (calls.IsEmpty)
            {
                var accumulator = layer.Node.Operator is DotProductOperator dot ? dot.Accumulator : Accumulator.Wide;
                diagnostics.Report(
                    DiagnosticDescriptors.NoKernel, $"{layer.Graph.Name}: {layer.Node.Origin}", layer.Node.Operator.Name, accumulator.Bits, accumulator.Schedule);
                return null;
            }

            offers.Enqueue(KernelChoice.Price(calls, costs));
        }

        var taken = new Queue<KernelOffer>(new KernelSharing([.. computed.Zip(offers, (layer, of) => KernelChoice.Rank(layer, of, objective))], objective, costs).Run());
        return [.. layers.Select(layer => layer.Node.Operator is Reshape ? new Step(layer.Node, null, layer.Bounds) : Create(layer, taken.Dequeue(), offers.Dequeue()))];
    }

    private static Step Create(LayerContext layer, KernelOffer taken, ImmutableArray<KernelOffer> offers) => new(layer.Node, taken.Call, layer.Bounds)
    {
        Instructions = taken.Instructions,
        Alternatives = [.. offers.Where(offer => offer != taken).Select(offer => offer.Describe())],
    };

    private static LayerContext Context(Graph graph, Node node, TensorRange range) => new(
        graph,
        node,
        range,
        node.Operator is DotProductOperator dot
            ? AccumulatorAnalysis.Run(dot, range, graph.Tensors[node.Inputs[0]].Quantization.ZeroPoint)
            : [],
        FreeScratch: 0,
        ScratchLimit: 0);
}
