using System.Collections.Immutable;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Plan;

/// <summary>
/// Turns a verified graph into a plan. The passes, in their order: kernels first, since they say what scratch they need and whether they run in place;
/// then a buffer for each tensor, since its lifetime follows from the steps; then offsets, since they follow from the lifetimes. First with the
/// least working memory, then with what <see cref="FreeScratch"/> gives.
/// </summary>
public static class Planner
{
    /// <param name="graph">A verified graph.</param>
    /// <param name="diagnostics">Takes what is wrong: no kernel for a node, or a RAM limit that no choice of kernels keeps.</param>
    /// <param name="options">What a user asks for; null for nothing.</param>
    /// <param name="costs">Of the target; null where they are not known.</param>
    /// <returns>A verified plan, or null when an error was reported.</returns>
    public static ExecutionPlan? Plan(Graph graph, DiagnosticBag diagnostics, PlanOptions? options = null, CostTable? costs = null)
    {
        var asked = options ?? new PlanOptions();
        var layers = KernelSelection.Contexts(graph);
        if (Replan([.. layers.Select(_ => ScratchAllowance.Least)]) is not { } plan)
        {
            return null;
        }

        if (asked.RamLimit is { } bytes && plan.Arena.Size > bytes)
        {
            diagnostics.Report(DiagnosticDescriptors.RamLimitTooSmall, graph.Name, bytes, plan.Arena.Size);
            return null;
        }

        plan = FreeScratch.Use(plan, asked.RamLimit ?? (asked.Objective == PlanObjective.Ram ? plan.Arena.Size : null), allowances => Replan(allowances)!);
        PlanVerifier.Verify(plan);
        return plan;

        ExecutionPlan? Replan(ImmutableArray<ScratchAllowance> allowances)
        {
            var allowed = layers.Zip(allowances, (layer, allowance) => layer with { FreeScratch = allowance.Free, ScratchLimit = allowance.Limit });
            if (KernelSelection.Run([.. allowed], asked.Objective, costs ?? CostTable.None, diagnostics) is not { } steps)
            {
                return null;
            }

            var assignment = BufferPlanning.Run(graph, steps);
            return new ExecutionPlan(graph, steps, assignment, ArenaPlanning.Run(assignment.Buffers, steps.Length)) { Options = asked };
        }
    }
}
