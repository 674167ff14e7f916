using System.Collections.Immutable;

namespace Pqs.Reference.Model.Operators;

/// <summary>
/// An operator whose output values are dot products: y = clamp(requantize(ACC(w_i · (x_i − zx)) + bias) + zy)
/// (docs/numerics.md, "One output value"). The reduction axis of a channel is the order in which its products are formed.
/// </summary>
public abstract record DotProductOperator : Operator
{
    /// <summary>int8 weights, zero point 0, in the layout that the derived record gives.</summary>
    public required ImmutableArray<sbyte> Weights { get; init; }

    /// <summary>
    /// What a weight of 1 stands for: one positive, finite number per output channel, or a single one for all. Carried for exporters; no arithmetic after import
    /// uses it.
    /// </summary>
    public required ImmutableArray<float> WeightScales { get; init; }

    /// <summary>One int32 per output channel, in units of input scale × weight scale.</summary>
    public required ImmutableArray<int> Bias { get; init; }

    /// <summary>One per output channel.</summary>
    public required ImmutableArray<Requantization> Requantizations { get; init; }

    /// <summary>15 or 31: the bits of the multipliers that are in use.</summary>
    public int MultiplierBits => Model.MultiplierBits.Of(Requantizations);

    public required Rounding Rounding { get; init; }

    public required Accumulator Accumulator { get; init; }

    public required OutputRange OutputRange { get; init; }

    public abstract int OutputChannels { get; }

    /// <summary>Products of one output value, pruned ones and padding included: K.</summary>
    public abstract int ProductCount { get; }

    /// <summary>Index into <see cref="Weights"/> of product <paramref name="product"/> (0..K-1) of a channel, in natural order.</summary>
    public abstract int WeightIndex(int channel, int product);

    /// <summary>The weight of product <paramref name="product"/> (0..K-1) of a channel, in natural order.</summary>
    public sbyte Weight(int channel, int product) => Weights[WeightIndex(channel, product)];
}
