using System.Collections.Immutable;
using Pqs.Codegen.Targets;

namespace Pqs.Codegen.Plan;

/// <summary>
/// Takes the calls of all nodes together: a kernel's code is in flash once, however many layers it computes, so one that saves little is given up for
/// another (docs/adr/0007-choice-of-kernels.md).
/// </summary>
/// <param name="Ranked">By node: the offers that may be taken, the best one first; at least one.</param>
/// <param name="Objective">What matters.</param>
/// <param name="Costs">Of the target.</param>
internal sealed record KernelSharing(ImmutableArray<ImmutableArray<KernelOffer>> Ranked, PlanObjective Objective, CostTable Costs)
{
    /// <summary>Bytes of flash that a hundredth of the model's instructions is worth.</summary>
    private const double BytesOfHundredth = 1024;

    private readonly double _bytesOfInstruction = 100 * BytesOfHundredth / Math.Max(1, Ranked.Sum(offers => offers[0].KnownInstructions));

    /// <summary>By node: the offer that is taken.</summary>
    public ImmutableArray<KernelOffer> Run()
    {
        ImmutableArray<KernelOffer> taken = [.. Ranked.Select(offers => offers[0])];

        // With the fewest instructions as the only aim nothing is given up, nor where they are not known.
        if (Objective == PlanObjective.Speed || (Objective != PlanObjective.Size && taken.All(offer => offer.KnownInstructions == 0)))
        {
            return taken;
        }

        // Every turn lowers what is paid, so there is a last one.
        while (WithoutOne(taken) is { } others && Pay(others) < Pay(taken))
        {
            taken = others;
        }

        return taken;
    }

    /// <summary>The same without the function whose absence costs least; null where each alone computes a node.</summary>
    private ImmutableArray<KernelOffer>? WithoutOne(ImmutableArray<KernelOffer> taken) => taken
        .Select(offer => offer.Call.Function).Distinct()
        .Select(function => Without(taken, function))
        .Where(others => others != null)
        .MinBy(others => Pay(others!.Value));

    /// <summary>The same without one function; null where it alone computes a node.</summary>
    private ImmutableArray<KernelOffer>? Without(ImmutableArray<KernelOffer> taken, string function)
    {
        var kept = taken.Where(offer => offer.Call.Function != function).Select(offer => offer.Call.Function).ToHashSet();
        KernelOffer?[] others =
        [
            .. taken.Zip(Ranked, (offer, offers) => offer.Call.Function != function
                ? offer
                : offers.Where(other => other.Call.Function != function).MinBy(other => PayOf(other) + (kept.Contains(other.Call.Function) ? 0 : Code(other)))),
        ];
        return others.Contains(null) ? null : [.. others.Select(offer => offer!)];
    }

    /// <summary>In bytes of flash.</summary>
    private double Pay(ImmutableArray<KernelOffer> taken) => taken.Sum(PayOf) + taken.DistinctBy(offer => offer.Call.Function).Sum(Code);

    private double PayOf(KernelOffer offer) =>
        offer.Call.TableBytes + (Objective == PlanObjective.Size ? 0 : offer.KnownInstructions * _bytesOfInstruction);

    private double Code(KernelOffer offer) => Costs.CodeBytes(offer.Call.Work.Kernel);
}
