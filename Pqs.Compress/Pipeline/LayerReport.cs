using Pqs.Compress.Pruning;
using Pqs.Compress.Requests;

namespace Pqs.Compress.Pipeline;

/// <summary>What became of a layer with dot products.</summary>
/// <param name="Layer">Which one.</param>
/// <param name="Pattern">The pattern that its weights were pruned to.</param>
/// <param name="WeightBits">Of its weights.</param>
/// <param name="RelativeError">
/// The squared difference of its outputs from the original network's on the calibration data, as a part of their variance; errors of the layers before it
/// are in it.
/// </param>
/// <param name="Sums">Dot products on the calibration data.</param>
/// <param name="Clips">Those that were outside the accumulator.</param>
public sealed record LayerReport(LayerIdentity Layer, SparsityPattern Pattern, int WeightBits, double RelativeError, long Sums, long Clips);
