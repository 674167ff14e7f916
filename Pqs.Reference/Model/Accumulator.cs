namespace Pqs.Reference.Model;

/// <summary>The accumulator of a layer's dot products.</summary>
/// <param name="Bits">Width P, 8..32; the accumulator saturates to [-2^(P-1), 2^(P-1)-1].</param>
/// <param name="Schedule">The order of accumulation. <see cref="Schedule.Wide"/> requires 32 bits.</param>
public readonly record struct Accumulator(int Bits, Schedule Schedule)
{
    public const int MinimumBits = 8;

    public const int MaximumBits = 32;

    public static Accumulator Wide => new(MaximumBits, Schedule.Wide);

    /// <summary>Smallest value: -2^(P-1).</summary>
    public int Minimum => int.MinValue >> (MaximumBits - Bits);

    /// <summary>Largest value: 2^(P-1)-1.</summary>
    public int Maximum => int.MaxValue >> (MaximumBits - Bits);
}
