using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Reference.Model;

/// <summary>The invariants of dot-product operators: constants of the right length, possible factors, and no value beyond 32 bits.</summary>
internal static class DotProductVerifier
{
    public static void Verify(NodeContext context, DotProductOperator @operator)
    {
        var channels = @operator.OutputChannels;
        var (bits, schedule) = @operator.Accumulator;
        if (bits is < Accumulator.MinimumBits or > Accumulator.MaximumBits || (schedule == Schedule.Wide && bits != Accumulator.MaximumBits))
        {
            context.Diagnostics.Report(DiagnosticDescriptors.AccumulatorInvalid, context.Place, bits, schedule);
            return;
        }

        context.RequireRange(@operator.OutputRange);
        if (!context.RequireLength("the weights", @operator.Weights.Length, WeightCount(@operator))
            || !context.RequireLength("the requantization", @operator.Requantizations.Length, channels))
        {
            return;
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
    /// The arithmetic of docs/numerics.md is defined while v = a + b and v · 2^max(shift, 0) fit an int, with room left to add the output's
    /// zero point. The bound is over all inputs of the int8 container.
    /// </summary>
    private static bool VerifyRange(NodeContext context, DotProductOperator @operator, int channel)
    {
        var zeroPoint = context.Input.Quantization.ZeroPoint;
        var (low, high) = (0L, 0L);
        for (var k = 0; k < @operator.ProductCount; k++)
        {
            long weight = @operator.Weights[@operator.WeightIndex(channel, k)];
            var (atMinimum, atMaximum) = (weight * (sbyte.MinValue - zeroPoint), weight * (sbyte.MaxValue - zeroPoint));
            low += Math.Min(0, Math.Min(atMinimum, atMaximum));
            high += Math.Max(0, Math.Max(atMinimum, atMaximum));
        }

        var bits = @operator.Accumulator.Bits;
        var lowValue = FixedPoint.Saturate(low, bits) + (long)@operator.Bias[channel];
        var highValue = FixedPoint.Saturate(high, bits) + (long)@operator.Bias[channel];
        var factor = @operator.Requantizations[channel];
        var scale = 1L << Math.Max(factor.Shift, 0);
        var fits = Fits((Int128)lowValue * scale) && Fits((Int128)highValue * scale);
        if (!fits)
        {
            context.Diagnostics.Report(
                DiagnosticDescriptors.ValueMayOverflow, context.Place, channel, $"the sum {lowValue}..{highValue} with shift {factor.Shift}");
        }

        return fits;
    }

    private static bool Fits(Int128 value) => value >= int.MinValue - (long)sbyte.MinValue && value <= int.MaxValue - sbyte.MaxValue;
}
