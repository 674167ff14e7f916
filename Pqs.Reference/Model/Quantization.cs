namespace Pqs.Reference.Model;

/// <summary>Affine quantization of an activation tensor: real = Scale · (q − ZeroPoint), q in an int8 container.</summary>
/// <param name="Scale">Positive and finite. Carried for people and for the generated macros; no arithmetic after import uses it.</param>
/// <param name="ZeroPoint">-128..127.</param>
public readonly record struct Quantization(float Scale, int ZeroPoint)
{
    /// <summary>The integer nearest to a real number (a half away from zero), inside the container: in single precision, as TensorFlow Lite does.</summary>
    public sbyte Nearest(float real)
    {
        var steps = MathF.Round(real / Scale, MidpointRounding.AwayFromZero);
        return (sbyte)Math.Clamp(ZeroPoint + (double)steps, sbyte.MinValue, sbyte.MaxValue);
    }
}
