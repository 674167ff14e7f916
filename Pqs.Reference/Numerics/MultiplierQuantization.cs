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
}
