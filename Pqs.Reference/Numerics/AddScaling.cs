namespace Pqs.Reference.Numerics;

/// <summary>The real factors of an addition (docs/numerics.md, "From scales to multipliers").</summary>
/// <param name="First">Of the first input: at most one half.</param>
/// <param name="Second">Of the second input: at most one half.</param>
/// <param name="Output">Of their sum.</param>
public readonly record struct AddScaling(double First, double Second, double Output)
{
    /// <summary>From the scales of the tensors. Both inputs are brought to twice the larger scale, so that neither factor exceeds one half.</summary>
    public static AddScaling FromScales(float first, float second, float output)
    {
        var common = 2 * (double)Math.Max(first, second);
        return new AddScaling(first / common, second / common, common / ((1 << Model.Operators.Add.LeftShift) * (double)output));
    }
}
