using System.Collections.Immutable;
using Pqs.Compress.Pruning;
using Pqs.Compress.Quantizing;
using Pqs.Compress.Requests;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Compress.FromQuantized;

/// <summary>
/// Prunes a network that is already quantized, by magnitude, and gives its weights fewer bits: "quantize, then prune", to compare with the other order.
/// No data is used and nothing is made up for.
/// </summary>
public static class QuantizedCompressor
{
    /// <param name="multiplierBits">15 or 31; null where each operator keeps what it has.</param>
    /// <returns>The changed graph, verified; null when an error was reported.</returns>
    public static Graph? Run(Graph graph, WeightRequests requests, int? multiplierBits, DiagnosticBag diagnostics)
    {
        var layers = Layers(graph);
        requests.RequireLayers([.. layers.Values], diagnostics);
        if (diagnostics.HasErrors)
        {
            return null;
        }

        var nodes = graph.Nodes.Select((node, index) => layers.TryGetValue(index, out var layer)
            ? node with { Operator = Compress(graph, node, layer, requests, diagnostics) }
            : node).ToImmutableArray();
        var changed = graph with { Nodes = nodes };
        return diagnostics.HasErrors || !GraphVerifier.Verify(changed, diagnostics) ? null
            : multiplierBits is { } bits ? NetworkMultipliers.Apply(changed, bits, diagnostics)
            : changed;
    }

    /// <summary>The layers with dot products, by the number of their node.</summary>
    public static IReadOnlyDictionary<int, LayerIdentity> Layers(Graph graph)
    {
        var layers = new SortedDictionary<int, LayerIdentity>();
        foreach (var (index, node) in graph.Nodes.Index())
        {
            if (node.Operator is DotProductOperator)
            {
                layers.Add(
                    index,
                    new LayerIdentity(index, node.Operator.Name, graph.Tensors[node.Output].Name, node.Operator is DepthwiseConv2D, layers.Count == 0));
            }
        }

        return layers;
    }

    private static DotProductOperator Compress(
        Graph graph, Node node, LayerIdentity layer, WeightRequests requests, DiagnosticBag diagnostics)
    {
        var dot = (DotProductOperator)node.Operator;
        var pruned = Prune(dot, requests.PatternFor(layer));
        var bits = requests.Bits.For(layer);
        if (bits == WeightRequests.MaximumBits)
        {
            // The whole container is in use already: others' models may hold -128.
            return pruned;
        }

        var (input, output) = (graph.Tensors[node.Inputs[0]].Quantization, graph.Tensors[node.Output].Quantization);
        return FewerBits.Apply(
            pruned,
            WeightGrid.OfBits(bits),
            scale => (double)input.Scale * scale / output.Scale,
            $"{graph.Name}: {node.Origin}",
            diagnostics) ?? pruned;
    }

    private static DotProductOperator Prune(DotProductOperator dot, SparsityPattern pattern)
    {
        if (pattern.IsDense)
        {
            return dot;
        }

        var mask = MagnitudePruning.Select(
            dot.OutputChannels, dot.ProductCount, (channel, product) => dot.Weight(channel, product), pattern);
        var weights = dot.Weights.ToArray();
        for (var channel = 0; channel < dot.OutputChannels; channel++)
        {
            for (var product = 0; product < dot.ProductCount; product++)
            {
                if (!mask[channel, product])
                {
                    weights[dot.WeightIndex(channel, product)] = 0;
                }
            }
        }

        return dot with { Weights = [.. weights] };
    }
}
