using CsCheck;

namespace Pqs.Tests.TfLite;

/// <summary>Random choices from CsCheck's generator, written down as they are made.</summary>
internal sealed class Dice(PCG generator)
{
    /// <summary>From minimum to maximum, both included.</summary>
    public int Between(int minimum, int maximum) => minimum + (int)generator.Next((uint)(maximum - minimum + 1));

    public double Between(double minimum, double maximum) => minimum + ((maximum - minimum) * (generator.Next64() >> 11) / (1L << 53));

    public bool Chance(int percent) => generator.Next(100) < percent;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[(int)generator.Next((uint)choices.Length)];

    public sbyte SByte() => (sbyte)generator.Next(256);
}
