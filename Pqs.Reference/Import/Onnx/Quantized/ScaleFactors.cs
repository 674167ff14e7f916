using System.Collections.Immutable;
using Pqs.Reference.Import.TfLite.Operators;
using Pqs.Reference.Model;
using Pqs.Reference.Numerics;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>Fixed-point factors from the scales in a file (docs/numerics.md, "From scales to multipliers"): null where one is out of range.</summary>
public static class ScaleFactors
{
    /// <summary>One for each output channel.</summary>
    /// <param name="isMatrix">Whether it is a FULLY_CONNECTED, which has a rule of its own for a single scale.</param>
    /// <param name="input">Scale of the input.</param>
    /// <param name="weights">One scale for each output channel, or one for all.</param>
    /// <param name="output">Scale of the output.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="multiplierBits">15 or 31.</param>
    public static ImmutableArray<Requantization>? OfDotProduct(
        bool isMatrix, float input, ImmutableArray<float> weights, float output, int channels, int multiplierBits)
    {
        var factors = ImmutableArray.CreateBuilder<Requantization>(channels);
        foreach (var scale in weights)
        {
            var product = isMatrix
                ? DotProductConstants.MatrixProduct(input, scale, weights.Length == 1)
                : DotProductConstants.ConvolutionProduct(input, scale, weights.Length == 1);
            if (Quantize(product / output, 30, multiplierBits) is not { } factor)
            {
                return null;
            }

            factors.Add(factor);
        }

        return weights.Length == 1 ? [.. Enumerable.Repeat(factors[0], channels)] : factors.ToImmutable();
    }

    /// <summary>The scale of a bias, as files have it: in single precision, positive and finite even where the product is not.</summary>
    public static float OfBias(float input, float weight) => Math.Clamp(input * weight, float.Epsilon, float.MaxValue);

    /// <summary>Of the first input, the second input, and the sum.</summary>
    public static ImmutableArray<Requantization>? OfAdd(float first, float second, float output, int multiplierBits)
    {
        var scaling = AddScaling.FromScales(first, second, output);
        return Quantize(scaling.First, 0, multiplierBits) is { } a
            && Quantize(scaling.Second, 0, multiplierBits) is { } b
            && Quantize(scaling.Output, -1, multiplierBits) is { } sum ? [a, b, sum] : null;
    }

    private static Requantization? Quantize(double real, int maximumShift, int multiplierBits)
    {
        var factor = double.IsFinite(real) && real > 0 ? MultiplierQuantization.Quantize(real, multiplierBits) : null;
        return factor is { } possible && possible.Shift <= maximumShift ? factor : null;
    }
}
