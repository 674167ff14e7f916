namespace Pqs.Codegen.Analysis;

/// <summary>The quantized values that a tensor's elements can take, for any input: inclusive bounds.</summary>
public readonly record struct TensorRange(int Minimum, int Maximum)
{
    /// <summary>All of the int8 container.</summary>
    public static TensorRange Full => new(sbyte.MinValue, sbyte.MaxValue);

    public TensorRange Union(TensorRange other) => new(Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));

    public TensorRange Clamp(Reference.Model.OutputRange range) =>
        new(Math.Clamp(Minimum, range.Minimum, range.Maximum), Math.Clamp(Maximum, range.Minimum, range.Maximum));
}
