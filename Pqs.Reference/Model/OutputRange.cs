namespace Pqs.Reference.Model;

/// <summary>Bounds that an output is clamped to, in its quantized domain; a fused activation is nothing else.</summary>
public readonly record struct OutputRange(sbyte Minimum, sbyte Maximum)
{
    public static OutputRange Full => new(sbyte.MinValue, sbyte.MaxValue);

    public sbyte Clamp(int value) => (sbyte)Math.Clamp(value, Minimum, Maximum);
}
