namespace Pqs.Reference.Model;

/// <summary>The quantized values that a tensor's elements can take: inclusive bounds.</summary>
public readonly record struct TensorRange(int Minimum, int Maximum)
{
    /// <summary>All of the int8 container.</summary>
    public static TensorRange Full => new(sbyte.MinValue, sbyte.MaxValue);

    /// <summary>Whether it holds a value at all, and none that int8 does not.</summary>
    public bool IsPossible => Minimum <= Maximum && Minimum >= sbyte.MinValue && Maximum <= sbyte.MaxValue;

    public bool Contains(int value) => value >= Minimum && value <= Maximum;

    public TensorRange Union(TensorRange other) => new(Math.Min(Minimum, other.Minimum), Math.Max(Maximum, other.Maximum));

    public TensorRange Clamp(OutputRange range) =>
        new(Math.Clamp(Minimum, range.Minimum, range.Maximum), Math.Clamp(Maximum, range.Minimum, range.Maximum));
}
