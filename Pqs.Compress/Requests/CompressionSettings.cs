using Pqs.Compress.Quantizing;

namespace Pqs.Compress.Requests;

/// <summary>Steps that can be left out, so that the worth of each can be measured.</summary>
[Flags]
public enum CompressionSteps
{
    None = 0,

    /// <summary>Channels of neighbouring layers are scaled to like ranges before anything else.</summary>
    Equalization = 1,

    /// <summary>Pruned weights are chosen by their effect on the output, and the kept ones make up for them.</summary>
    Reconstruction = 2,

    /// <summary>Weights that are not rounded yet make up for the rounding of the others.</summary>
    ErrorFeedback = 4,

    /// <summary>The scale of a channel's weights is the one of least error, not the one that covers the greatest weight.</summary>
    ScaleSearch = 8,

    /// <summary>Biases take up the difference of the means.</summary>
    BiasCorrection = 16,

    /// <summary>Each layer is fitted to the inputs that the compressed layers before it give, not to the original ones.</summary>
    Propagation = 32,

    All = Equalization | Reconstruction | ErrorFeedback | ScaleSearch | BiasCorrection | Propagation,
}

/// <summary>What is promised of a narrow accumulator.</summary>
public enum Guarantee
{
    /// <summary>Nothing: weights are chosen without regard to it.</summary>
    None,

    /// <summary>On the calibration data not more than a small part of the sums clip.</summary>
    Observed,

    /// <summary>No sum leaves it, for any input, in any order.</summary>
    Proven,
}

/// <summary>Accumulators that weights are fitted to.</summary>
/// <param name="Bits">Width P by layer, 8..32; 32 needs no fit.</param>
/// <param name="Guarantee">What is promised.</param>
/// <param name="ClipRate">For <see cref="Guarantee.Observed"/>: the greatest part of a channel's sums that may clip, 0..1.</param>
public sealed record AccumulatorGoal(LayerRequests<int> Bits, Guarantee Guarantee, double ClipRate);

/// <summary>How a float network is compressed.</summary>
/// <param name="Weights">Pruning and bits of weights.</param>
/// <param name="Accumulators">What sums must fit.</param>
/// <param name="ActivationBits">Of activations, 4..8; inputs of the network have 8.</param>
/// <param name="Activations">How their ranges are chosen.</param>
/// <param name="MultiplierBits">Of requantization, 15 or 31.</param>
/// <param name="IsQuantizedFirst">Quantize, then prune the integers: the order that the paper compares with.</param>
/// <param name="Steps">What is done beyond plain pruning and rounding.</param>
public sealed record CompressionSettings(
    WeightRequests Weights,
    AccumulatorGoal Accumulators,
    int ActivationBits = 8,
    ActivationMethod Activations = ActivationMethod.MinMax,
    int MultiplierBits = Reference.Model.MultiplierBits.Long,
    bool IsQuantizedFirst = false,
    CompressionSteps Steps = CompressionSteps.All)
{
    public bool Has(CompressionSteps step) => (Steps & step) == step;
}
