using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;

namespace Pqs.Compress.Requests;

/// <summary>A value for the layers that a pattern names.</summary>
public sealed record LayerRequest<T>(string Pattern, T Value);

/// <summary>What a user asks for, for a whole model; later requests by pattern win over earlier ones, and all over the default.</summary>
/// <param name="Default">For layers that no pattern names.</param>
/// <param name="Layers">By pattern.</param>
public sealed record LayerRequests<T>(T Default, ImmutableArray<LayerRequest<T>> Layers)
{
    /// <summary>By the number of the layer's node; these win over all others.</summary>
    public ImmutableSortedDictionary<int, T> Numbered { get; init; } = ImmutableSortedDictionary<int, T>.Empty;

    /// <summary>The request that names a layer; null where only the default is left.</summary>
    public LayerRequest<T>? Named(LayerIdentity layer) => Numbered.TryGetValue(layer.Index, out var value)
        ? new LayerRequest<T>("", value)
        : Layers.LastOrDefault(request => layer.Matches(request.Pattern));

    /// <summary>The value for a layer.</summary>
    public T For(LayerIdentity layer) => Named(layer) is { } request ? request.Value : Default;

    /// <summary>Reports the patterns that name no layer.</summary>
    public void RequireLayers(ImmutableArray<LayerIdentity> layers, string option, DiagnosticBag diagnostics)
    {
        foreach (var request in Layers.Where(request => !layers.Any(layer => layer.Matches(request.Pattern))))
        {
            diagnostics.Report(DiagnosticDescriptors.PatternWithoutLayer, option, Printable.Name(request.Pattern));
        }
    }
}
