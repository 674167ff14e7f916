namespace Pqs.Reference.FloatModel;

/// <summary>Bounds that an output is clamped to: a fused activation. An infinite bound does not clamp.</summary>
public readonly record struct FloatRange(float Minimum, float Maximum)
{
    public static FloatRange None => new(float.NegativeInfinity, float.PositiveInfinity);

    public static FloatRange Relu => new(0, float.PositiveInfinity);

    public static FloatRange Relu6 => new(0, 6);

    public float Clamp(float value) => Math.Min(Math.Max(value, Minimum), Maximum);
}
