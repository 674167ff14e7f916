using System.Collections.Immutable;
using Pqs.Codegen.Targets;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan;

/// <summary>Which of the kernels that compute a node may be taken, and in which order they are preferred (docs/adr/0007-choice-of-kernels.md).</summary>
internal static class KernelChoice
{
    /// <summary>A pruned layer is stored without its zeros, as long as that takes no more than so many times the fewest instructions.</summary>
    private const double PruningMayTake = 3;

    /// <summary>The tables of a dot product that grow with its weights.</summary>
    private static readonly ImmutableHashSet<string> OfWeights = ["weights", "positions", "patterns", "segments", "counts"];

    /// <summary>What a target offers: every call with its prediction, but for kernels that are not for the target.</summary>
    /// <param name="calls">The calls that compute a node, at least one.</param>
    /// <param name="costs">Of the target.</param>
    public static ImmutableArray<KernelOffer> Price(ImmutableArray<KernelCall> calls, CostTable costs)
    {
        // A kernel without costs is not for this target, unless there is no other.
        var priced = calls.Select(call => new KernelOffer(call, costs.Predict(call.Work.Kernel, call.Work.Counts))).ToImmutableArray();
        return priced.Any(offer => offer.Instructions != null) ? priced.RemoveAll(offer => offer.Instructions == null) : priced;
    }

    /// <param name="layer">The node.</param>
    /// <param name="offers">The calls that compute it, at least one.</param>
    /// <param name="objective">What matters.</param>
    /// <returns>Those that may be taken, at least one, the best one first; of equals, in the order of the offers.</returns>
    public static ImmutableArray<KernelOffer> Rank(LayerContext layer, ImmutableArray<KernelOffer> offers, PlanObjective objective)
    {
        var allowed = offers.Where(offer => offer.Call.ScratchBytes <= layer.ScratchLimit).ToImmutableArray();
        if (allowed.IsEmpty)
        {
            return [offers.MinBy(offer => offer.Call.ScratchBytes)!];
        }

        if (objective == PlanObjective.Size)
        {
            return [.. allowed.OrderBy(offer => offer.Call.TableBytes).ThenBy(offer => offer.KnownInstructions)];
        }

        var fewest = allowed.Min(offer => offer.KnownInstructions);
        var pruned = objective != PlanObjective.Speed && layer.Node.Operator is DotProductOperator dot && PruningPattern.Detect(dot) != null
            ? allowed.Where(offer => WeightBytes(offer.Call) < dot.Weights.Length && offer.KnownInstructions <= PruningMayTake * fewest).ToImmutableArray()
            : [];
        return [.. (pruned.IsEmpty ? allowed : pruned).OrderBy(offer => offer.KnownInstructions)];
    }

    private static long WeightBytes(KernelCall call) => call.Tables.Where(table => OfWeights.Contains(table.Role)).Sum(table => table.Bytes);
}
