using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Plan;

/// <summary>
/// Turns a verified graph into a plan. The passes, in their order: kernels first, since they say what scratch they need and whether they run in place;
/// then a buffer for each tensor, since its lifetime follows from the steps; then offsets, since they follow from the lifetimes. Then once more, with the
/// memory that is free at each step.
/// </summary>
public static class Planner
{
    /// <param name="graph">A verified graph.</param>
    /// <param name="diagnostics">Takes what is wrong: no kernel for a node, or a RAM limit that no choice of kernels keeps.</param>
    /// <param name="options">What a user asks for; null for nothing.</param>
    /// <returns>A verified plan, or null when an error was reported.</returns>
    public static ExecutionPlan? Plan(Graph graph, DiagnosticBag diagnostics, PlanOptions? options = null)
    {
        var asked = options ?? new PlanOptions();
        var layers = KernelSelection.Contexts(graph, asked.Objective);
        var isLimited = asked.RamLimit != null || asked.Objective == PlanObjective.Ram;
        if (Replan([.. layers.Select(_ => isLimited ? ScratchAllowance.Least : ScratchAllowance.Needed)]) is not { } plan)
        {
            return null;
        }

        if (asked.RamLimit is { } bytes && plan.Arena.Size > bytes)
        {
            diagnostics.Report(DiagnosticDescriptors.RamLimitTooSmall, graph.Name, bytes, plan.Arena.Size);
            return null;
        }

        plan = FreeScratch.Use(plan, asked.Objective == PlanObjective.Ram ? plan.Arena.Size : asked.RamLimit, allowances => Replan(allowances)!);
        PlanVerifier.Verify(plan);
        return plan;

        ExecutionPlan? Replan(ImmutableArray<ScratchAllowance> allowances)
        {
            var allowed = layers.Zip(allowances, (layer, allowance) => layer with { FreeScratch = allowance.Free, ScratchLimit = allowance.Limit });
            if (KernelSelection.Run([.. allowed], diagnostics) is not { } steps)
            {
                return null;
            }

            var assignment = BufferPlanning.Run(graph, steps);
            return new ExecutionPlan(graph, steps, assignment, ArenaPlanning.Run(assignment.Buffers, steps.Length)) { Options = asked };
        }
    }
}
