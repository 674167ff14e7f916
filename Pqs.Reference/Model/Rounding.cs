namespace Pqs.Reference.Model;

/// <summary>How a requantization rounds (docs/numerics.md, "Requantize"). The rule is part of the model, never of a build.</summary>
public enum Rounding
{
    /// <summary>A rounding doubling high multiply, then a rounding right shift: TensorFlow Lite's reference kernels.</summary>
    Double,

    /// <summary>One 64-bit product, one rounding arithmetic shift: what models made by this tool use.</summary>
    Single,
}
