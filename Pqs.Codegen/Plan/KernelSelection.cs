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
        var steps = ImmutableArray.CreateBuilder<Step>(layers.Length);
        foreach (var layer in layers)
        {
            var node = layer.Node;
            if (node.Operator is Reshape)
            {
                steps.Add(new Step(node, null, layer.Bounds));
                continue;
            }

            var calls = KernelCatalog.All.SelectMany(kernel => kernel.Lower(layer)).ToImmutableArray();
            if (calls.IsEmpty)
            {
                var accumulator = node.Operator is DotProductOperator dot ? dot.Accumulator : Accumulator.Wide;
                diagnostics.Report(
                    DiagnosticDescriptors.NoKernel, $"{layer.Graph.Name}: {node.Origin}", node.Operator.Name, accumulator.Bits, accumulator.Schedule);
                return null;
            }

            var (call, instructions, alternatives) = KernelChoice.Choose(layer, calls, objective, costs);
            steps.Add(new Step(node, call, layer.Bounds) { Instructions = instructions, Alternatives = alternatives });
        }

        return steps.MoveToImmutable();
    }

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
