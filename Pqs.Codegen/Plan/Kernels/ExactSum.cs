using Pqs.Codegen.Analysis;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Which layers the kernels compute that sum products in 32 bits, in whatever order: those whose accumulator gives the exact sum, or the exact sum
/// saturated once (docs/numerics.md, "Equivalence").
/// </summary>
/// <param name="Saturates">Whether the sum can leave the accumulator in a way that outputs show, so that it has to be saturated.</param>
internal readonly record struct ExactSum(bool Saturates)
{
    /// <summary>Null for a layer whose result depends on the order of additions, and for one that is to be computed in the order of its schedule.</summary>
    public static ExactSum? Of(LayerContext layer, DotProductOperator dot)
    {
        // Wide ones need no proof: the graph's invariants bound every partial sum inside 32 bits.
        var (bits, schedule) = dot.Accumulator;
        if (bits == Accumulator.MaximumBits)
        {
            return new ExactSum(Saturates: false);
        }

        // Up to 16 bits the other schedules have loops of their own, which are what they are checked by.
        var isBounded = layer.ProofAt(bits) == Proof.AnyOrder;
        var hasLoops = bits <= NarrowKernel.MaximumBits;
        return schedule switch
        {
            Schedule.ExactSchedule => new ExactSum(Saturates: !isBounded && SaturationShows(layer, dot)),
            Schedule.BoundedSchedule => isBounded ? new ExactSum(Saturates: false) : null,
            _ when hasLoops => null,
            _ when isBounded => new ExactSum(Saturates: false),
            Schedule.AlternatingSchedule or Schedule.Sorted { Rounds: null, Tile: null } =>
                layer.ProofAt(bits) == Proof.SortedOrder ? new ExactSum(SaturationShows(layer, dot)) : null,
            _ => null,
        };
    }

    /// <summary>
    /// Whether any sum has another output than the saturated sum. An output never falls while its sum grows, so the outputs of a channel's least and greatest
    /// sums tell of all between them and the accumulator's limits.
    /// </summary>
    private static bool SaturationShows(LayerContext layer, DotProductOperator dot)
    {
        return layer.Bounds.Where((bounds, channel) => Shows(channel, bounds.SumMinimum) || Shows(channel, bounds.SumMaximum)).Any();

        bool Shows(int channel, long sum) => Output(channel, sum) != Output(channel, FixedPoint.Saturate(sum, dot.Accumulator.Bits));

        int Output(int channel, long sum) => dot.OutputRange.Clamp(
            FixedPoint.Requantize((int)(sum + dot.Bias[channel]), dot.Requantizations[channel], dot.Rounding) + layer.Output.Quantization.ZeroPoint);
    }
}
