using System.Numerics;
using Pqs.Reference.Model;

namespace Pqs.Tests.Reference;

/// <summary>The fixed-point operations of docs/numerics.md in unlimited integers, in other words than the product's own.</summary>
internal static class ExactArithmetic
{
    /// <summary>
    /// (a·b + (a·b ≥ 0 ? 2^30 : 1 − 2^30)) / 2^31, dividing towards zero, is a·b / 2^31 rounded to nearest with halves up; BigInteger shifts floor.
    /// </summary>
    public static BigInteger HighMultiply(BigInteger a, BigInteger b) => Saturate(((a * b) + (BigInteger.One << 30)) >> 31, 32);

    /// <summary>value / 2^exponent, halves away from zero.</summary>
    public static BigInteger DivideByPowerOfTwo(BigInteger value, int exponent) =>
        value.Sign * (((2 * BigInteger.Abs(value)) + (BigInteger.One << exponent)) >> (exponent + 1));

    public static BigInteger Saturate(BigInteger value, int bits) =>
        BigInteger.Clamp(value, -(BigInteger.One << (bits - 1)), (BigInteger.One << (bits - 1)) - 1);

    public static BigInteger Requantize(BigInteger value, Requantization factor, Rounding rounding)
    {
        if (rounding == Rounding.Single)
        {
            var total = 31 - factor.Shift;
            return ((value * factor.Multiplier) + (BigInteger.One << (total - 1))) >> total;
        }

        return factor.Shift > 0
            ? HighMultiply(value << factor.Shift, factor.Multiplier)
            : DivideByPowerOfTwo(HighMultiply(value, factor.Multiplier), -factor.Shift);
    }
}
