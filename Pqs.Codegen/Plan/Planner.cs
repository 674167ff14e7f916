using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Plan;

/// <summary>
/// Turns a verified graph into a plan. The passes, in their order: kernels first, since they say what scratch they need and whether they run in place;
/// then a buffer for each tensor, since its lifetime follows from the steps; then offsets, since they follow from the lifetimes.
/// </summary>
public static class Planner
{
    /// <returns>A verified plan, or null when an error was reported.</returns>
    public static ExecutionPlan? Plan(Graph graph, DiagnosticBag diagnostics)
    {
        if (KernelSelection.Run(graph, diagnostics) is not { } steps)
        {
            return null;
        }

        var assignment = BufferPlanning.Run(graph, steps);
        var arena = ArenaPlanning.Run(assignment.Buffers, steps.Length);
        var plan = new ExecutionPlan(graph, steps, assignment, arena);
        PlanVerifier.Verify(plan);
        return plan;
    }
}
