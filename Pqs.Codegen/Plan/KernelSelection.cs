using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan;

/// <summary>Chooses a kernel for each node.</summary>
internal static class KernelSelection
{
    /// <summary>What kernels know of each node of a verified graph, before memory is given to them.</summary>
    public static ImmutableArray<LayerContext> Contexts(Graph graph, PlanObjective objective)
    {
        var ranges = RangeAnalysis.Run(graph);
        return [.. graph.Nodes.Select(node => Context(graph, node, ranges[node.Inputs[0]], objective))];
    }

    /// <param name="layers">The nodes of a graph.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static ImmutableArray<Step>? Run(ImmutableArray<LayerContext> layers, DiagnosticBag diagnostics)
    {
        var steps = ImmutableArray.CreateBuilder<Step>(layers.Length);
        foreach (var layer in layers)
        {
            var node = layer.Node;
            var call = node.Operator is Reshape ? null : Choose(layer);
            if (call == null && node.Operator is not Reshape)
            {
                var accumulator = node.Operator is DotProductOperator dot ? dot.Accumulator : Accumulator.Wide;
                diagnostics.Report(
                    DiagnosticDescriptors.NoKernel, $"{layer.Graph.Name}: {node.Origin}", node.Operator.Name, accumulator.Bits, accumulator.Schedule);
                return null;
            }

            steps.Add(new Step(node, call, layer.Bounds));
        }

        return steps.MoveToImmutable();
    }

    /// <summary>Of the calls with no more scratch than allowed, the best by the objective; where there is none, the one with the least scratch.</summary>
    private static KernelCall? Choose(LayerContext layer)
    {
        var calls = KernelCatalog.All.Select(kernel => kernel.TryLower(layer)).OfType<KernelCall>().ToImmutableArray();
        var allowed = calls.Where(call => call.ScratchBytes <= layer.ScratchLimit);
        var best = layer.Objective == PlanObjective.Size ? allowed.MinBy(call => call.TableBytes) : allowed.FirstOrDefault();
        return best ?? calls.MinBy(call => call.ScratchBytes);
    }

    private static LayerContext Context(Graph graph, Node node, TensorRange range, PlanObjective objective) => new(
        graph,
        node,
        range,
        node.Operator is DotProductOperator dot
            ? AccumulatorAnalysis.Run(dot, range, graph.Tensors[node.Inputs[0]].Quantization.ZeroPoint)
            : [],
        objective,
        FreeScratch: 0,
        ScratchLimit: 0);
}
