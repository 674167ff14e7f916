using System.Collections.Immutable;

namespace Pqs.Codegen.Plan;

/// <summary>
/// Gives kernels memory. Without a limit from the user, kernels that need more than the least working memory may make the arena a quarter larger than it then is,
/// or 20 KiB; kernels that only become faster get what is free then: at most steps of a network, less of the arena is in use than at the busiest one. In a network
/// with small tensors of its own, it may grow to half more than the memory that the caller has for inputs and outputs. With a limit, all may use what has room
/// below it.
/// </summary>
internal static class FreeScratch
{
    /// <summary>The rows of sixteen pixels of 3x3 taps and 64 channels fit, as those of a small network's last convolutions.</summary>
    private const int FreeGrowth = 20 << 10;

    /// <summary>Layers that do without before all do.</summary>
    private const int MaximumAttempts = 8;

    /// <param name="least">A plan with the least working memory, inside the limit.</param>
    /// <param name="limit">Bytes that the arena may have; null for none.</param>
    /// <param name="replan">Makes a plan with the memory that it is given, by step.</param>
    public static ExecutionPlan Use(ExecutionPlan least, long? limit, Func<ImmutableArray<ScratchAllowance>, ExecutionPlan> replan)
    {
        if (limit is { } bytes)
        {
            return Distribute(least, bytes, (_, room) => new ScratchAllowance(room, room), replan);
        }

        var needed = Distribute(least, least.Arena.Size + Math.Max(least.Arena.Size / 4L, FreeGrowth), (_, room) => new ScratchAllowance(0, room), replan);
        return Distribute(
            needed,
            Math.Max(needed.Arena.Size, (needed.Graph.InputBytes + needed.Graph.OutputBytes) * 3L / 2),
            (step, room) => new ScratchAllowance(room, Math.Max(room, step.Call?.ScratchBytes ?? 0)),
            replan);
    }

    private static ExecutionPlan Distribute(
        ExecutionPlan plan, long limit, Func<Step, long, ScratchAllowance> allow, Func<ImmutableArray<ScratchAllowance>, ExecutionPlan> replan)
    {
        var allowances = plan.Steps.Select((step, position) => allow(step, Room(plan, position, limit))).ToArray();
        var better = replan([.. allowances]);

        // Buffers that fit by their sizes may not fit by their places. Then the layer with the largest scratch does with what it had.
        var isReduced = new bool[allowances.Length];
        for (var attempts = 0; better.Arena.Size > limit; attempts++)
        {
            if (attempts == MaximumAttempts || isReduced.All(reduced => reduced))
            {
                return plan;
            }

            var largest = better.Steps.Index().Where(step => !isReduced[step.Index]).MaxBy(step => step.Item.Call?.ScratchBytes ?? 0).Index;
            allowances[largest] = new ScratchAllowance(0, plan.Steps[largest].Call?.ScratchBytes ?? 0);
            isReduced[largest] = true;
            better = replan([.. allowances]);
        }

        return better;
    }

    /// <summary>Bytes that a step's kernel may work in without the arena being larger than the limit.</summary>
    private static long Room(ExecutionPlan plan, int step, long limit)
    {
        var scratch = plan.Assignment.ScratchOfStep[step];
        var used = plan.Assignment.Buffers.Index()
            .Where(buffer => buffer.Index != scratch && buffer.Item.IsInArena && buffer.Item.IsLiveAt(step))
            .Sum(buffer => ((long)buffer.Item.Size + ArenaLayout.Alignment - 1) / ArenaLayout.Alignment * ArenaLayout.Alignment);
        return Math.Max(0, limit - used);
    }
}
