using System.Collections.Immutable;

namespace Pqs.Codegen.Plan;

/// <summary>
/// Gives kernels memory to be faster with where that makes the arena no larger: at most steps of a network, less of the arena is in use than at the busiest
/// one. In a network with small tensors of its own, it may grow to half more than the memory that the caller has for inputs and outputs. Where a limit was
/// asked for, it may grow to that, and no kernel gets more than has room below it.
/// </summary>
internal static class FreeScratch
{
    /// <summary>Layers that do without before all do.</summary>
    private const int MaximumAttempts = 8;

    /// <param name="plan">A plan without free memory; where there is a limit, one with the least scratch, inside it.</param>
    /// <param name="asked">The limit that the arena must keep, in bytes; null for none.</param>
    /// <param name="replan">Makes a plan with the memory that it is given, by step.</param>
    public static ExecutionPlan Use(ExecutionPlan plan, long? asked, Func<ImmutableArray<ScratchAllowance>, ExecutionPlan> replan)
    {
        var limit = asked ?? Math.Max(plan.Arena.Size, (plan.Graph.InputBytes + plan.Graph.OutputBytes) * 3L / 2);
        var free = plan.Steps.Select((_, step) => Free(plan, step, limit)).ToArray();
        var better = replan(Allowances());

        // Buffers that fit by their sizes may not fit by their places. Then the largest scratch is done without.
        for (var attempts = 0; better.Arena.Size > limit; attempts++)
        {
            if (attempts == MaximumAttempts)
            {
                return plan;
            }

            var largest = better.Steps.Index().Where(step => free[step.Index] > 0).MaxBy(step => step.Item.Call?.ScratchBytes ?? 0).Index;
            free[largest] = 0;
            better = replan(Allowances());
        }

        return better;

        ImmutableArray<ScratchAllowance> Allowances() => [.. free.Select(bytes => new ScratchAllowance(bytes, asked == null ? long.MaxValue : bytes))];
    }

    private static long Free(ExecutionPlan plan, int step, long limit)
    {
        var scratch = plan.Assignment.ScratchOfStep[step];
        var used = plan.Assignment.Buffers.Index()
            .Where(buffer => buffer.Index != scratch && buffer.Item.IsInArena && buffer.Item.IsLiveAt(step))
            .Sum(buffer => ((long)buffer.Item.Size + ArenaLayout.Alignment - 1) / ArenaLayout.Alignment * ArenaLayout.Alignment);
        return Math.Max(0, limit - used);
    }
}
