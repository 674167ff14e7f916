using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan;

/// <summary>Chooses a kernel for each node.</summary>
internal static class KernelSelection
{
    public static ImmutableArray<Step>? Run(Graph graph, DiagnosticBag diagnostics)
    {
        var steps = ImmutableArray.CreateBuilder<Step>(graph.Nodes.Length);
        foreach (var node in graph.Nodes)
        {
            var call = node.Operator is Reshape ? null : KernelCatalog.All.Select(kernel => kernel.TryLower(graph, node)).FirstOrDefault(c => c != null);
            if (call == null && node.Operator is not Reshape)
            {
                diagnostics.Report(DiagnosticDescriptors.NoKernel, $"{graph.Name}: {node.Origin}", node.Operator.Name);
                return null;
            }

            steps.Add(new Step(node, call));
        }

        return steps.MoveToImmutable();
    }
}
