namespace Pqs.Reference.FloatModel;

/// <summary>Bounds that an output is clamped to: a fused activation. An infinite bound does not clamp.</summary>
public readonly record struct FloatRange(float Minimum, float Maximum)
{
    public static FloatRange None => new(float.NegativeInfinity, float.PositiveInfinity);

    public static FloatRange Relu => new(0, float.PositiveInfinity);

    public static FloatRange Relu6 => new(0, 6);

    /// <summary>True when the bounds are numbers, do not cross, and leave a finite value.</summary>
    public bool IsPossible => Minimum <= Maximum && Minimum < float.PositiveInfinity && Maximum > float.NegativeInfinity;

    public float Clamp(float value) => Math.Min(Math.Max(value, Minimum), Maximum);

    /// <summary>The bounds that clamping to these and then to <paramref name="next"/> comes to.</summary>
    public FloatRange Then(FloatRange next) => new(next.Clamp(Minimum), next.Clamp(Maximum));
}
