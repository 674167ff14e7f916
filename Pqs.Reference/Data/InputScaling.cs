namespace Pqs.Reference.Data;

/// <summary>
/// What a stored value stands for: real = value × scale + offset. Without a scale, bytes without sign are value / 255, as image data usually is, and other
/// values are taken as they are.
/// </summary>
/// <param name="Scale">Finite; null for the usual one of the element type.</param>
/// <param name="Offset">Finite; null for 0.</param>
public sealed record InputScaling(double? Scale = null, double? Offset = null)
{
    private const double Byte = 1.0 / byte.MaxValue;

    /// <summary>The usual scaling of each element type.</summary>
    public static InputScaling Usual { get; } = new();

    /// <summary>Computed in double precision and rounded to the nearest float; what is beyond them becomes the largest.</summary>
    public float Real(float value, ElementType type) => (float)Math.Clamp(
        (value * (Scale ?? (type == ElementType.UInt8 ? Byte : 1))) + (Offset ?? 0), float.MinValue, float.MaxValue);

    /// <summary>A sample as real numbers, as a float model takes it.</summary>
    public float[] Reals(DataSet data, int index)
    {
        var reals = data.Sample(index).ToArray();
        for (var i = 0; i < reals.Length; i++)
        {
            reals[i] = Real(reals[i], data.Type);
        }

        return reals;
    }
}
