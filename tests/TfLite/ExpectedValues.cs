using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Tests.TfLite;

/// <summary>What TensorFlow Lite computes from a layer's description when it prepares its kernels, by the formulas of its reference implementation.</summary>
internal static class ExpectedValues
{
    public static Window Window(Activation input, int height, int width, Steps steps) => new(
        Axis(input.Shape[1], height, steps.StrideHeight, steps.DilationHeight, steps.Padding),
        Axis(input.Shape[2], width, steps.StrideWidth, steps.DilationWidth, steps.Padding));

    /// <summary>Counts the positions one by one: the window's last tap must lie inside input and padding.</summary>
    public static int Positions(int size, WindowAxis axis)
    {
        var positions = 0;
        while ((positions * axis.Stride) + ((axis.Kernel - 1) * axis.Dilation) < size + axis.PadBefore + axis.PadAfter)
        {
            positions++;
        }

        return positions;
    }

    public static ImmutableArray<Requantization> Requantizations(Activation input, Filter filter, Activation output) =>
    [
        .. Enumerable.Range(0, filter.Channels).Select(channel =>
            Factor((double)input.Scale * filter.Scales[filter.Scales.Length == 1 ? 0 : channel] / output.Scale)),
    ];

    /// <summary>FULLY_CONNECTED with one scale for all weights takes the product of the scales in single precision; all other paths take it in double.</summary>
    public static ImmutableArray<Requantization> MatrixRequantizations(Activation input, Filter filter, Activation output)
    {
        if (filter.Scales.Length > 1)
        {
            return Requantizations(input, filter, output);
        }

        var product = input.Scale * filter.Scales[0];
        return [.. Enumerable.Repeat(Factor((double)product / output.Scale), filter.Channels)];
    }

    public static Add Add(Activation first, Activation second, Activation output, OutputRange range)
    {
        var common = 2 * (double)Math.Max(first.Scale, second.Scale);
        return new Add(
            Factor(first.Scale / common), Factor(second.Scale / common), Factor(common / ((1 << 20) * (double)output.Scale)), range);
    }

    public static Softmax Softmax(Activation input, float beta)
    {
        var factor = Factor((double)beta * input.Scale * (1 << 26));
        return new Softmax(factor.Multiplier, factor.Shift, -(int)Math.Floor(31.0 * (1 << 26) / Math.Pow(2, factor.Shift)));
    }

    public static OutputRange Range(Result result)
    {
        return result.Activation switch
        {
            FusedActivation.Relu => new OutputRange(Quantize(0), sbyte.MaxValue),
            FusedActivation.ReluMinus1To1 => new OutputRange(Quantize(-1), Quantize(1)),
            FusedActivation.Relu6 => new OutputRange(Quantize(0), Quantize(6)),
            _ => new OutputRange(sbyte.MinValue, sbyte.MaxValue),
        };

        sbyte Quantize(float real) => (sbyte)Math.Clamp(
            result.ZeroPoint + (double)MathF.Round(real / result.Scale, MidpointRounding.AwayFromZero), sbyte.MinValue, sbyte.MaxValue);
    }

    private static WindowAxis Axis(int size, int kernel, int stride, int dilation, PaddingKind padding)
    {
        if (padding == PaddingKind.Valid)
        {
            return new WindowAxis(kernel, stride, dilation, 0, 0);
        }

        var positions = (size + stride - 1) / stride;
        var total = Math.Max(0, ((positions - 1) * stride) + ((kernel - 1) * dilation) + 1 - size);
        return new WindowAxis(kernel, stride, dilation, total / 2, total - (total / 2));
    }

    private static Requantization Factor(double real) =>
        MultiplierQuantization.Quantize(real) ?? throw new ArgumentOutOfRangeException(nameof(real), real, "No factor is this large.");
}
