using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan;

/// <summary>Chooses a kernel for each node.</summary>
internal static class KernelSelection
{
    /// <param name="graph">A verified graph.</param>
    /// <param name="freeScratch">By step: <see cref="LayerContext.FreeScratch"/>.</param>
    /// <param name="diagnostics">Takes what is wrong.</param>
    public static ImmutableArray<Step>? Run(Graph graph, ImmutableArray<long> freeScratch, DiagnosticBag diagnostics)
    {
        var steps = ImmutableArray.CreateBuilder<Step>(graph.Nodes.Length);
        var ranges = RangeAnalysis.Run(graph);
        foreach (var (position, node) in graph.Nodes.Index())
        {
            var layer = Context(graph, node, ranges[node.Inputs[0]], freeScratch[position]);
            var call = node.Operator is Reshape ? null : KernelCatalog.All.Select(kernel => kernel.TryLower(layer)).FirstOrDefault(c => c != null);
            if (call == null && node.Operator is not Reshape)
            {
                var accumulator = node.Operator is DotProductOperator dot ? dot.Accumulator : Accumulator.Wide;
                diagnostics.Report(
                    DiagnosticDescriptors.NoKernel, $"{graph.Name}: {node.Origin}", node.Operator.Name, accumulator.Bits, accumulator.Schedule);
                return null;
            }

            steps.Add(new Step(node, call, layer.Bounds));
        }

        return steps.MoveToImmutable();
    }

    private static LayerContext Context(Graph graph, Node node, TensorRange range, long freeScratch) => new(
        graph,
        node,
        range,
        node.Operator is DotProductOperator dot
            ? AccumulatorAnalysis.Run(dot, range, graph.Tensors[node.Inputs[0]].Quantization.ZeroPoint)
            : [],
        freeScratch);
}
