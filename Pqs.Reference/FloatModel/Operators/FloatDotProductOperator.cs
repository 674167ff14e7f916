using System.Collections.Immutable;

namespace Pqs.Reference.FloatModel.Operators;

/// <summary>
/// An operator whose output values are dot products: y = clamp(Σ w_i · x_i + bias). Weights are laid out as those of the quantized counterpart, so the
/// reduction axis is the same.
/// </summary>
public abstract record FloatDotProductOperator : FloatOperator
{
    /// <summary>Finite weights, in the layout that the derived record gives.</summary>
    public required ImmutableArray<float> Weights { get; init; }

    /// <summary>One for each output channel, finite.</summary>
    public required ImmutableArray<float> Bias { get; init; }

    /// <summary>The fused activation.</summary>
    public required FloatRange Activation { get; init; }

    public int OutputChannels => Bias.Length;

    /// <summary>Products of one output value, padding included: K.</summary>
    public abstract int ProductCount { get; }

    /// <summary>Index into <see cref="Weights"/> of product <paramref name="product"/> (0..K-1) of a channel, in natural order.</summary>
    public abstract int WeightIndex(int channel, int product);

    /// <summary>The weight of product <paramref name="product"/> (0..K-1) of a channel, in natural order.</summary>
    public float Weight(int channel, int product) => Weights[WeightIndex(channel, product)];
}
