using System.Collections.Immutable;
using Pqs.Codegen.Targets;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan;

/// <summary>Which of the kernels that compute a node is taken (docs/adr/0007-choice-of-kernels.md).</summary>
internal static class KernelChoice
{
    /// <summary>A pruned layer is stored without its zeros, as long as that takes no more than so many times the fewest instructions.</summary>
    private const double PruningMayTake = 3;

    /// <summary>The tables of a dot product that grow with its weights.</summary>
    private static readonly ImmutableHashSet<string> OfWeights = ["weights", "positions", "patterns", "segments", "counts"];

    /// <param name="layer">The node.</param>
    /// <param name="calls">The calls that compute it, at least one; of equals, the first is taken.</param>
    /// <param name="objective">What matters.</param>
    /// <param name="costs">Of the target.</param>
    /// <returns>The call, its predicted instructions, and what was not taken.</returns>
    public static (KernelCall Call, double? Instructions, ImmutableArray<KernelCandidate> Others) Choose(
        LayerContext layer, ImmutableArray<KernelCall> calls, PlanObjective objective, CostTable costs)
    {
        // A kernel without costs is not for this target, unless there is no other.
        var priced = calls.Select(call => new Priced(call, costs.Predict(call.Work.Kernel, call.Work.Counts))).ToImmutableArray();
        var offered = priced.Any(entry => entry.Instructions != null) ? priced.RemoveAll(entry => entry.Instructions == null) : priced;
        var allowed = offered.Where(entry => entry.Call.ScratchBytes <= layer.ScratchLimit).ToImmutableArray();
        var best = allowed.IsEmpty ? priced.MinBy(entry => entry.Call.ScratchBytes)! : Best(layer, allowed, objective);
        return (best.Call, best.Instructions, [.. offered.Where(entry => entry != best).Select(Describe)]);
    }

    private static Priced Best(LayerContext layer, ImmutableArray<Priced> allowed, PlanObjective objective)
    {
        if (objective == PlanObjective.Size)
        {
            return allowed.OrderBy(entry => entry.Call.TableBytes).ThenBy(Instructions).First();
        }

        var fewest = allowed.Min(Instructions);
        var pruned = objective != PlanObjective.Speed && layer.Node.Operator is DotProductOperator dot && PruningPattern.Detect(dot) != null
            ? allowed.Where(entry => WeightBytes(entry.Call) < dot.Weights.Length && Instructions(entry) <= PruningMayTake * fewest).ToImmutableArray()
            : [];
        return (pruned.IsEmpty ? allowed : pruned).MinBy(Instructions)!;
    }

    private static double Instructions(Priced entry) => entry.Instructions ?? 0;

    private static long WeightBytes(KernelCall call) => call.Tables.Where(table => OfWeights.Contains(table.Role)).Sum(table => table.Bytes);

    private static KernelCandidate Describe(Priced entry) =>
        new(entry.Call.Work.Kernel, entry.Call.Function, entry.Instructions, entry.Call.TableBytes, entry.Call.ScratchBytes);

    private sealed record Priced(KernelCall Call, double? Instructions);
}
