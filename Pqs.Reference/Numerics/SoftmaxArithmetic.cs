using System.Numerics;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Numerics;

/// <summary>
/// Softmax in fixed point (docs/numerics.md, "Softmax"). A number written Qi.f has i integer bits and f = 31 − i fractional bits in an int.
/// </summary>
public static class SoftmaxArithmetic
{
    /// <summary>Integer bits of the sum of exponentials.</summary>
    private const int SumIntegerBits = 12;

    /// <summary>exp(−2^k), k = −2..4, in Q0.31.</summary>
    private static readonly (int Exponent, int Value)[] PowersOfE =
    [
        (-2, 1672461947),
        (-1, 1302514674),
        (0, 790015084),
        (1, 290630308),
        (2, 39332535),
        (3, 720401),
        (4, 242),
    ];

    /// <summary>One row of softmax. <paramref name="input"/> and <paramref name="output"/> have the same length, at least 1.</summary>
    public static void Row(ReadOnlySpan<sbyte> input, Span<sbyte> output, Softmax softmax)
    {
        int maximum = input[0];
        foreach (var value in input)
        {
            maximum = Math.Max(maximum, value);
        }

        var sum = 0;
        foreach (var value in input)
        {
            if (value - maximum >= softmax.MinimumDifference)
            {
                sum = checked(sum + FixedPoint.RoundingDivideByPowerOfTwo(Exponential(value - maximum, softmax), SumIntegerBits));
            }
        }

        var (reciprocal, shift) = Reciprocal(sum);
        for (var i = 0; i < input.Length; i++)
        {
            output[i] = sbyte.MinValue;
            if (input[i] - maximum >= softmax.MinimumDifference)
            {
                var product = FixedPoint.SaturatingRoundingDoublingHighMultiply(reciprocal, Exponential(input[i] - maximum, softmax));
                var quotient = FixedPoint.RoundingDivideByPowerOfTwo(product, shift + 31 - 8);
                output[i] = (sbyte)Math.Clamp(quotient + sbyte.MinValue, sbyte.MinValue, sbyte.MaxValue);
            }
        }
    }

    /// <summary>exp of the scaled difference (not positive), in Q0.31.</summary>
    private static int Exponential(int difference, Softmax softmax)
    {
        // Scaled to Q5.26; at or above MinimumDifference it fits.
        var scaled = FixedPoint.SaturatingRoundingDoublingHighMultiply(
            checked(difference * (1 << softmax.InputLeftShift)), softmax.InputMultiplier);
        return ExponentialOfNegative(scaled);
    }

    /// <summary>exp(a) for a ≤ 0 in Q5.26; the result is Q0.31.</summary>
    private static int ExponentialOfNegative(int a)
    {
        const int fractionalBits = 31 - Softmax.ScaledDifferenceIntegerBits;
        if (a == 0)
        {
            return int.MaxValue;
        }

        // a = r − (a multiple of 1/4), r in [−1/4, 0): a polynomial for r, then a table factor for each bit of the multiple.
        const int oneQuarter = 1 << (fractionalBits - 2);
        var remainder = (a & (oneQuarter - 1)) - oneQuarter;
        var result = ExponentialNearZero(remainder << Softmax.ScaledDifferenceIntegerBits);
        var multiple = remainder - a;
        foreach (var (exponent, value) in PowersOfE)
        {
            if ((multiple & (1 << (fractionalBits + exponent))) != 0)
            {
                result = FixedPoint.SaturatingRoundingDoublingHighMultiply(result, value);
            }
        }

        return result;
    }

    /// <summary>exp(a) for a in [−1/4, 0), Q0.31 to Q0.31: a Taylor polynomial of degree 4 around −1/8.</summary>
    private static int ExponentialNearZero(int a)
    {
        const int expOfMinusOneEighth = 1895147668;
        const int oneThird = 715827883;
        var x = a + (1 << 28);
        var x2 = FixedPoint.SaturatingRoundingDoublingHighMultiply(x, x);
        var x3 = FixedPoint.SaturatingRoundingDoublingHighMultiply(x2, x);
        var x4 = FixedPoint.SaturatingRoundingDoublingHighMultiply(x2, x2);
        var x4Over4 = FixedPoint.RoundingDivideByPowerOfTwo(x4, 2);
        var higher = FixedPoint.RoundingDivideByPowerOfTwo(
            FixedPoint.SaturatingRoundingDoublingHighMultiply(x4Over4 + x3, oneThird) + x2, 1);
        return expOfMinusOneEighth + FixedPoint.SaturatingRoundingDoublingHighMultiply(expOfMinusOneEighth, x + higher);
    }

    /// <summary>
    /// 1 / sum for a positive sum in Q12.19, as a Q0.31 value v and a shift s: 1 / sum = v · 2^−s.
    /// </summary>
    private static (int Value, int Shift) Reciprocal(int sum)
    {
        var headroomPlusOne = BitOperations.LeadingZeroCount((uint)sum);
        var fraction = (int)(((uint)sum << headroomPlusOne) - (1u << 31));
        return (OneOverOnePlus(fraction), SumIntegerBits - headroomPlusOne);
    }

    /// <summary>1 / (1 + a) for a in [0, 1), Q0.31 to Q0.31: three Newton–Raphson steps on the halved denominator.</summary>
    private static int OneOverOnePlus(int a)
    {
        const int fortyEightOver17 = 1515870810; // Q2.29
        const int minusThirtyTwoOver17 = -1010580540; // Q2.29
        const int one = 1 << 29; // Q2.29
        var halfDenominator = (int)(((long)a + int.MaxValue + 1) / 2);
        var x = fortyEightOver17 + FixedPoint.SaturatingRoundingDoublingHighMultiply(halfDenominator, minusThirtyTwoOver17);
        for (var step = 0; step < 3; step++)
        {
            var product = FixedPoint.SaturatingRoundingDoublingHighMultiply(halfDenominator, x);
            var correction = FixedPoint.SaturatingRoundingDoublingHighMultiply(x, one - product); // Q4.27
            x += FixedPoint.Saturate((long)correction << 2, 32);
        }

        // x is 1 / halfDenominator = 2 / (1 + a) in Q2.29; halving it is free, since Q1.30 read as Q0.31 needs one more doubling.
        return FixedPoint.Saturate((long)x << 1, 32);
    }
}
