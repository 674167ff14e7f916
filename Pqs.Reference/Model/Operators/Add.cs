namespace Pqs.Reference.Model.Operators;

/// <summary>
/// Element-wise sum of two tensors of one shape. Each input, less its zero point, is shifted left by <see cref="LeftShift"/> and scaled
/// to a common scale; their sum is scaled to the output's. Always double rounding, as in TensorFlow Lite's reference kernel.
/// </summary>
/// <param name="First">Factor of the first input, shift ≤ 0.</param>
/// <param name="Second">Factor of the second input, shift ≤ 0.</param>
/// <param name="Output">Factor of the sum, shift ≤ -1.</param>
/// <param name="OutputRange">Clamp bounds.</param>
public sealed record Add(Requantization First, Requantization Second, Requantization Output, OutputRange OutputRange) : Operator
{
    /// <summary>Head room in bits given to the inputs before they are scaled.</summary>
    public const int LeftShift = 20;

    /// <summary>15 or 31: the bits of the multipliers that are in use.</summary>
    public int MultiplierBits => Model.MultiplierBits.Of([First, Second, Output]);

    public override string Name => "ADD";
}
