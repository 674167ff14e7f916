using System.Numerics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.Reference;

/// <summary>
/// TensorFlow Lite's fixed-point softmax in unlimited integers. Every constant is computed from what it stands for, so a wrong digit in the product's
/// tables shows.
/// </summary>
internal static class SoftmaxOracle
{
    public static sbyte[] Rows(sbyte[] input, int depth, Softmax softmax) => [.. input.Chunk(depth).SelectMany(row => Row(row, softmax))];

    private static IEnumerable<sbyte> Row(sbyte[] row, Softmax softmax)
    {
        var differences = row.Select(value => value - row.Max()).ToArray();
        var sum = differences.Aggregate(BigInteger.Zero, (total, d) => total + ExactArithmetic.DivideByPowerOfTwo(Exponential(d, softmax), 12));
        var bits = (int)sum.GetBitLength();
        var reciprocal = Reciprocal((sum << (31 - bits + 1)) - (BigInteger.One << 31));

        // sum = m · 2^(bits − 20) with m in [1, 2): its reciprocal's exponent goes into the last shift.
        return differences.Select(d =>
            Exponential(d, softmax).IsZero
                ? sbyte.MinValue
                : (sbyte)(BigInteger.Min(
                    ExactArithmetic.DivideByPowerOfTwo(ExactArithmetic.HighMultiply(reciprocal, Exponential(d, softmax)), 23 + bits - 20), 255) - 128));
    }

    /// <summary>exp of a scaled difference in Q0.31; nothing below the smallest difference.</summary>
    private static BigInteger Exponential(int difference, Softmax softmax)
    {
        if (difference < softmax.MinimumDifference)
        {
            return 0;
        }

        // Q5.26.
        var scaled = ExactArithmetic.Requantize(difference, new Requantization(softmax.InputMultiplier, softmax.InputLeftShift), Rounding.Double);
        if (scaled.IsZero)
        {
            return int.MaxValue;
        }

        // scaled = −quarters/4 + rest, rest in [−1/4, 0).
        var quarters = (-scaled - 1) >> 24;
        var rest = scaled + (quarters << 24);
        var result = NearZero(rest << 5);
        for (var bit = 0; bit < 7; bit++)
        {
            result = (quarters & (BigInteger.One << bit)).IsZero ? result : ExactArithmetic.HighMultiply(result, Fixed(Math.Exp(-Math.Pow(2, bit - 2)), 31));
        }

        return result;
    }

    /// <summary>exp(a) = exp(−1/8) · (1 + x + x²/2 + x³/6 + x⁴/24), x = a + 1/8.</summary>
    private static BigInteger NearZero(BigInteger a)
    {
        var x = a + Fixed(0.125, 31);
        var x2 = ExactArithmetic.HighMultiply(x, x);
        var x3 = ExactArithmetic.HighMultiply(x2, x);
        var x4 = ExactArithmetic.HighMultiply(x2, x2);
        var third = ExactArithmetic.HighMultiply(ExactArithmetic.DivideByPowerOfTwo(x4, 2) + x3, Fixed(1.0 / 3, 31));
        var higher = ExactArithmetic.DivideByPowerOfTwo(third + x2, 1);
        var constant = Fixed(Math.Exp(-0.125), 31);
        return constant + ExactArithmetic.HighMultiply(constant, x + higher);
    }

    /// <summary>1 / (1 + a) in Q0.31 by Newton's iteration for 2 / (1 + a) in Q2.29.</summary>
    private static BigInteger Reciprocal(BigInteger a)
    {
        var half = (a + (BigInteger.One << 31)) / 2;
        var x = Fixed(48.0 / 17, 29) + ExactArithmetic.HighMultiply(half, Fixed(-32.0 / 17, 29));
        for (var step = 0; step < 3; step++)
        {
            var error = Fixed(1, 29) - ExactArithmetic.HighMultiply(half, x);
            x += ExactArithmetic.HighMultiply(x, error) << 2;
        }

        return ExactArithmetic.Saturate(x << 1, 32);
    }

    private static BigInteger Fixed(double value, int fractionalBits) => (BigInteger)Math.Round(value * Math.Pow(2, fractionalBits));
}
