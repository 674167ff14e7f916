using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan;

/// <summary>Chooses a kernel for each node.</summary>
internal static class KernelSelection
{
    /// <summary>What kernels know of each node of a verified graph, without memory for the sake of speed.</summary>
    public static ImmutableArray<LayerContext> Contexts(Graph graph)
    {
        var ranges = RangeAnalysis.Run(graph);
        return [.. graph.Nodes.Select(node => Context(graph, node, ranges[node.Inputs[0]]))];
    }

    /// <param name="layers">The nodes of a graph.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static ImmutableArray<Step>? Run(ImmutableArray<LayerContext> layers, DiagnosticBag diagnostics)
    {
        var steps = ImmutableArray.CreateBuilder<Step>(layers.Length);
        foreach (var layer in layers)
        {
            var node = layer.Node;
            var call = node.Operator is Reshape ? null : KernelCatalog.All.Select(kernel => kernel.TryLower(layer)).FirstOrDefault(c => c != null);
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

    private static LayerContext Context(Graph graph, Node node, TensorRange range) => new(
        graph,
        node,
        range,
        node.Operator is DotProductOperator dot
            ? AccumulatorAnalysis.Run(dot, range, graph.Tensors[node.Inputs[0]].Quantization.ZeroPoint)
            : [],
        FreeScratch: 0);
}
