using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Numerics;

/// <summary>The constants of a quantized softmax (docs/numerics.md, "From scales to multipliers").</summary>
public static class SoftmaxQuantization
{
    private const int FractionalBits = 31 - Softmax.ScaledDifferenceIntegerBits;

    /// <summary>What every softmax's output has: 1/256 and -128.</summary>
    public static Quantization Output => new(1f / 256, sbyte.MinValue);

    /// <summary>The factor of differences of the input's integers, in units of 2^-26 (Q5.26).</summary>
    public static double RealFactor(float beta, float inputScale) => (double)beta * inputScale * (1 << FractionalBits);

    /// <returns>The operator for a factor from <see cref="RealFactor"/>; null where no operator can have it.</returns>
    public static Softmax? Quantize(double realFactor)
    {
        if (!(realFactor >= 1 && double.IsFinite(realFactor)) || MultiplierQuantization.Quantize(realFactor) is not { Shift: >= 0 and <= 30 } factor)
        {
            return null;
        }

        var largest = ((1 << Softmax.ScaledDifferenceIntegerBits) - 1.0) * (1 << FractionalBits) / (1L << factor.Shift);
        return new Softmax(factor.Multiplier, factor.Shift, -(int)Math.Floor(largest));
    }
}
