namespace Pqs.Reference.Model.Operators;

/// <summary>
/// Softmax over the last dimension; the output has scale 1/256 and zero point -128. The exponent is taken in fixed point with
/// <see cref="ScaledDifferenceIntegerBits"/> integer bits (TensorFlow Lite's reference kernel).
/// </summary>
/// <param name="InputMultiplier">Q31 factor of the differences x − max, in [2^30, 2^31).</param>
/// <param name="InputLeftShift">0..30.</param>
/// <param name="MinimumDifference">Differences below this one count as exponent 0; not positive.</param>
public sealed record Softmax(int InputMultiplier, int InputLeftShift, int MinimumDifference) : Operator
{
    public const int ScaledDifferenceIntegerBits = 5;

    public override string Name => "SOFTMAX";
}
