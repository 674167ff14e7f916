using System.Collections.Immutable;

namespace Pqs.Reference.Model.Operators;

/// <summary>Padding with the zero point of a tensor of up to four dimensions.</summary>
/// <param name="Before">Elements put before each dimension, outermost first.</param>
/// <param name="After">Elements put behind each dimension, outermost first.</param>
public sealed record Pad(ImmutableArray<int> Before, ImmutableArray<int> After) : Operator
{
    public const int MaximumRank = 4;

    public override string Name => "PAD";
}
