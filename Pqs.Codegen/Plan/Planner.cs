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
    /// <returns>A verified plan, or null when an error was reported.</returns>
    public static ExecutionPlan? Plan(Graph graph, DiagnosticBag diagnostics)
    {
        var layers = KernelSelection.Contexts(graph);
        if (Plan(graph, layers, diagnostics) is not { } plan)
        {
            return null;
        }

        plan = FreeScratch.Use(plan, free => Plan(graph, [.. layers.Zip(free, (layer, bytes) => layer with { FreeScratch = bytes })], diagnostics)!);
        PlanVerifier.Verify(plan);
        return plan;
    }

    private static ExecutionPlan? Plan(Graph graph, ImmutableArray<LayerContext> layers, DiagnosticBag diagnostics)
    {
        if (KernelSelection.Run(layers, diagnostics) is not { } steps)
        {
            return null;
        }

        var assignment = BufferPlanning.Run(graph, steps);
        return new ExecutionPlan(graph, steps, assignment, ArenaPlanning.Run(assignment.Buffers, steps.Length));
    }
}
