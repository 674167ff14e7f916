using Pqs.Reference.Model;

namespace Pqs.Reference.Numerics;

/// <summary>Turns real factors into fixed-point ones, at import. The last place where floating point decides anything.</summary>
public static class MultiplierQuantization
{
    /// <summary>
    /// The factor nearest to <paramref name="real"/> (positive and finite) as a Q31 mantissa in [2^30, 2^31) and a shift, as
    /// TensorFlow Lite chooses them; a factor below 2^-32 becomes 0. Null where the shift would exceed 30.
    /// </summary>
    public static Requantization? Quantize(double real)
    {
        // real = mantissa · 2^exponent, mantissa in [0.5, 1).
        var exponent = Math.ILogB(real) + 1;
        var mantissa = Math.ScaleB(real, -exponent);
        var multiplier = (long)Math.Round(mantissa * (1L << 31), MidpointRounding.AwayFromZero);
        if (multiplier == 1L << 31)
        {
            multiplier /= 2;
            exponent++;
        }

        if (exponent < -31)
        {
            return new Requantization(0, 0);
        }

        return exponent > 30 ? null : new Requantization((int)multiplier, exponent);
    }

    /// <summary>The same with a multiplier of 15 or 31 bits: <see cref="Shorten"/> of the one of 31.</summary>
    public static Requantization? Quantize(double real, int multiplierBits) =>
        Quantize(real) is not { } factor ? null : multiplierBits == MultiplierBits.Short ? Shorten(factor) : factor;

    /// <summary>A factor's multiplier rounded to its upper 15 bits, a half away from zero. Null where the shift would exceed 30.</summary>
    public static Requantization? Shorten(Requantization factor)
    {
        var upper = (factor.Multiplier + (1L << 15)) >> 16;
        return upper < 1 << 15 ? new Requantization((int)upper << 16, factor.Shift)
            : factor.Shift < 30 ? new Requantization(1 << 30, factor.Shift + 1)
            : null;
    }
}
