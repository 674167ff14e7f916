using System.Collections.Immutable;
using Pqs.Reference.Model;

namespace Pqs.Compress.Pipeline;

/// <summary>A compressed network, and what became of its layers.</summary>
/// <param name="Graph">A verified graph.</param>
/// <param name="Layers">Those with dot products, in order.</param>
public sealed record CompressionResult(Graph Graph, ImmutableArray<LayerReport> Layers);
