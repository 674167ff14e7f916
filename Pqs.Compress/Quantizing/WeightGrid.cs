namespace Pqs.Compress.Quantizing;

/// <summary>The integers of symmetric weights: −Limit..Limit, with zero point 0.</summary>
/// <param name="Limit">2^(b−1) − 1 for b bits.</param>
public readonly record struct WeightGrid(int Limit)
{
    public static WeightGrid OfBits(int bits) => new((1 << (bits - 1)) - 1);

    /// <summary>The integer nearest to a real number in units of the scale, a half away from zero.</summary>
    public int Nearest(double value) => (int)Math.Clamp(Math.Round(value, MidpointRounding.AwayFromZero), -Limit, Limit);
}
