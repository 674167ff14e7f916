using Pqs.Reference.Model;

namespace Pqs.Reference.Numerics;

/// <summary>The fixed-point operations of docs/numerics.md, each in the words of that page.</summary>
public static class FixedPoint
{
    /// <summary>sat_P(v): clamps to [-2^(P-1), 2^(P-1)-1].</summary>
    public static int Saturate(long value, int bits)
    {
        var limit = 1L << (bits - 1);
        return (int)Math.Clamp(value, -limit, limit - 1);
    }

    /// <summary>
    /// Saturating rounding doubling high multiply: (a·b + (a·b ≥ 0 ? 2^30 : 1 − 2^30)) / 2^31, dividing towards zero; the one
    /// product that does not fit, of two int.MinValue, saturates.
    /// </summary>
    public static int SaturatingRoundingDoublingHighMultiply(int a, int b)
    {
        if (a == int.MinValue && b == int.MinValue)
        {
            return int.MaxValue;
        }

        var product = (long)a * b;
        var nudge = product >= 0 ? 1L << 30 : 1 - (1L << 30);
        return (int)((product + nudge) / (1L << 31));
    }

    /// <summary>Division by 2^exponent (0..62), rounding half away from zero.</summary>
    public static int RoundingDivideByPowerOfTwo(int value, int exponent)
    {
        var divisor = 1L << exponent;
        var magnitude = (Math.Abs((long)value) + (divisor >> 1)) / divisor;
        return (int)(value < 0 ? -magnitude : magnitude);
    }

    /// <summary>Scales an accumulated value by a layer's factor. <c>v · 2^max(shift, 0)</c> fits an int: an invariant of the graph.</summary>
    public static int Requantize(int value, Requantization factor, Rounding rounding) =>
        rounding == Rounding.Double ? RequantizeDouble(value, factor) : RequantizeSingle(value, factor);

    /// <summary>SRDHM(v · 2^max(shift, 0), M0), then a rounding right shift by max(−shift, 0).</summary>
    private static int RequantizeDouble(int value, Requantization factor)
    {
        var shifted = checked(value * (1 << Math.Max(factor.Shift, 0)));
        var product = SaturatingRoundingDoublingHighMultiply(shifted, factor.Multiplier);
        return RoundingDivideByPowerOfTwo(product, Math.Max(-factor.Shift, 0));
    }

    /// <summary>(v · M0 + 2^(30−shift)) >> (31−shift).</summary>
    private static int RequantizeSingle(int value, Requantization factor)
    {
        var total = 31 - factor.Shift;
        return checked((int)((((long)value * factor.Multiplier) + (1L << (total - 1))) >> total));
    }
}
