using System.Collections.Immutable;

namespace Pqs.Reference.FloatModel.Operators;

/// <summary>Sum of two tensors of the same shape, clamped.</summary>
public sealed record FloatAdd(FloatRange Activation) : FloatOperator
{
    public override string Name => "ADD";
}

/// <summary>The same elements in another shape.</summary>
public sealed record FloatReshape : FloatOperator
{
    public override string Name => "RESHAPE";
}

/// <summary>Zeros around a tensor.</summary>
/// <param name="Before">Elements before, for each dimension; not negative.</param>
/// <param name="After">Elements behind, for each dimension; not negative.</param>
public sealed record FloatPad(ImmutableArray<int> Before, ImmutableArray<int> After) : FloatOperator
{
    public override string Name => "PAD";
}

/// <summary>Softmax over the last dimension.</summary>
public sealed record FloatSoftmax : FloatOperator
{
    public override string Name => "SOFTMAX";
}
