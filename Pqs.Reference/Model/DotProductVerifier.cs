using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Model;

/// <summary>The invariants of dot-product operators: constants of the right length, possible factors, and no value beyond 32 bits.</summary>
internal static class DotProductVerifier
{
    public static void Verify(NodeContext context, DotProductOperator @operator)
    {
        var channels = @operator.OutputChannels;
        var (bits, schedule) = @operator.Accumulator;
        if (bits is < Accumulator.MinimumBits or > Accumulator.MaximumBits
            || (schedule == Schedule.Wide && bits != Accumulator.MaximumBits)
            || schedule is Schedule.Sorted { Rounds: < 1 } or Schedule.Sorted { Tile: < 2 })
        {
            context.Diagnostics.Report(DiagnosticDescriptors.AccumulatorInvalid, context.Place, bits, schedule);
            return;
        }

        context.RequireRange(@operator.OutputRange);
        if (!context.RequireLength("the weights", @operator.Weights.Length, WeightCount(@operator))
            || !context.RequireLength("the requantization", @operator.Requantizations.Length, channels)
            || !context.RequireLength("the weight scale", @operator.WeightScales.Length, @operator.WeightScales.Length == 1 ? 1 : channels))
        {
            return;
        }

        foreach (var (channel, scale) in @operator.WeightScales.Index())
        {
            if (!(scale > 0 && float.IsFinite(scale)))
            {
                context.Diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, context.Place, scale, $"channel {channel}");
                return;
            }
        }

        for (var channel = 0; channel < channels; channel++)
        {
            if (!context.RequireFactor(channel, @operator.Requantizations[channel], maximumShift: 30) || !VerifyRange(context, @operator, channel))
            {
                return;
            }
        }
    }

    /// <summary>In 64 bits, since the kernel's size comes from a file.</summary>
    private static long WeightCount(DotProductOperator @operator) => @operator switch
    {
        Conv2D conv => Checked(conv.OutputChannels, conv.Window.Vertical.Kernel, conv.Window.Horizontal.Kernel, conv.InputChannels),
        DepthwiseConv2D depthwise => Checked(depthwise.OutputChannels, depthwise.Window.Vertical.Kernel, depthwise.Window.Horizontal.Kernel, 1),
        FullyConnected fullyConnected => Checked(fullyConnected.OutputChannels, fullyConnected.InputSize, 1, 1),
        _ => throw new InvalidOperationException($"The verifier does not know {@operator.Name}."),
    };

    private static long Checked(params ReadOnlySpan<int> factors)
    {
        var product = (Int128)1;
        foreach (var factor in factors)
        {
            product *= factor;
        }

        return (long)Int128.Clamp(product, -1, long.MaxValue);
    }

    /// <summary>
    /// The arithmetic of docs/numerics.md is defined while every partial sum, v = a + b, and v · 2^max(shift, 0) fit an int with room to round and to
    /// add a zero point. All of them, in any order of addition and with or without the input's zero point folded into the bias, are within
    /// |b| + 256 · Σ|w|: |x − zx| ≤ 255, and folding splits it into |x| ≤ 128 and |zx| ≤ 128.
    /// </summary>
    private static bool VerifyRange(NodeContext context, DotProductOperator @operator, int channel)
    {
        var magnitude = Math.Abs((long)@operator.Bias[channel]);
        for (var k = 0; k < @operator.ProductCount; k++)
        {
            magnitude += 256L * Math.Abs((int)@operator.Weight(channel, k));
        }

        var shift = @operator.Requantizations[channel].Shift;
        var scaled = (Int128)magnitude << Math.Max(shift + 1, 0);
        var fits = scaled <= int.MaxValue - 511 && (shift >= -20 || magnitude < 1 << 30);
        if (!fits)
        {
            context.Diagnostics.Report(DiagnosticDescriptors.ValueMayOverflow, context.Place, channel, $"the sum of up to {magnitude} with shift {shift}");
        }

        return fits;
    }
}
