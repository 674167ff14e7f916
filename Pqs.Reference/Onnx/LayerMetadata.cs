using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Onnx;

/// <summary>
/// What a layer of a PQS model means beyond what ONNX can say; a member that is null is not said, and the rules for models by others give it. It is the value
/// of one entry of the file's metadata (docs/model-format.md).
/// </summary>
/// <param name="Operator">The operator's name in the graph.</param>
internal sealed record LayerMetadata(string Operator)
{
    /// <summary>Width and schedule; of dot products only.</summary>
    public Accumulator? Accumulator { get; init; }

    /// <summary>Of dot products only.</summary>
    public Rounding? Rounding { get; init; }

    /// <summary>Two's complement bits that hold every weight, 2..8; of dot products only.</summary>
    public int? WeightBits { get; init; }

    /// <summary>Which weights are zero; of dot products only.</summary>
    public PruningPattern? Pruning { get; init; }

    /// <summary>15 or 31: the bits of multipliers that follow from the scales; of dot products and additions only.</summary>
    public int? MultiplierBits { get; init; }

    /// <summary>Fixed-point factors, where they are not those that follow from the scales in the file.</summary>
    public ImmutableArray<Requantization>? Factors { get; init; }

    /// <summary>Of a softmax, beside <see cref="Factors"/>.</summary>
    public int? MinimumDifference { get; init; }

    /// <summary>Clamp bounds, where they are not those that follow from the nodes in the file.</summary>
    public OutputRange? OutputRange { get; init; }

    /// <summary>Two's complement bits that hold every weight, at least 2.</summary>
    public static int BitsOf(ImmutableArray<sbyte> weights)
    {
        var bits = 2;
        foreach (var weight in weights)
        {
            while (weight < -(1 << (bits - 1)) || weight >= 1 << (bits - 1))
            {
                bits++;
            }
        }

        return bits;
    }

    /// <summary>What the metadata says of weights that they do not keep, or null.</summary>
    public string? BrokenClaim(DotProductOperator @operator)
    {
        if (WeightBits is { } bits && BitsOf(@operator.Weights) > bits)
        {
            return $"a weight does not fit {bits} bits";
        }

        return Pruning is { } pattern && !pattern.HoldsFor(@operator) ? $"more than {pattern.N} of {pattern.M} consecutive weights are not zero" : null;
    }
}
