using System.Collections.Immutable;
using Pqs.Compress.Pruning;
using Pqs.Reference.Diagnostics;

namespace Pqs.Compress.Requests;

/// <summary>What is to become of the weights of each layer.</summary>
/// <param name="Pruning">The default spares the first layer and depthwise convolutions (docs/compress.md, "Pruning"); a request by pattern spares none.</param>
/// <param name="Bits">Of an integer weight, 2..8.</param>
public sealed record WeightRequests(LayerRequests<SparsityPattern> Pruning, LayerRequests<int> Bits)
{
    public const int MinimumBits = 2;

    public const int MaximumBits = 8;

    public static WeightRequests None { get; } = new(new(SparsityPattern.Dense, []), new(MaximumBits, []));

    public SparsityPattern PatternFor(LayerIdentity layer) => Pruning.Named(layer) is { } request ? request.Value
        : layer.IsFirst || layer.IsDepthwise ? SparsityPattern.Dense
        : Pruning.Default;

    /// <summary>Reports the patterns that name no layer.</summary>
    public void RequireLayers(ImmutableArray<LayerIdentity> layers, DiagnosticBag diagnostics)
    {
        Pruning.RequireLayers(layers, "--prune-layer", diagnostics);
        Bits.RequireLayers(layers, "--weight-bits-layer", diagnostics);
    }
}
