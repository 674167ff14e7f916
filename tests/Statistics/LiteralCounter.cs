using System.Collections.Immutable;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.Statistics;

/// <summary>Overflows of a network over data, from the interpreter's activations: each output value by itself, from coordinates, and slowly.</summary>
internal static class LiteralCounter
{
    /// <returns>By node, channel: empty for nodes without dot products.</returns>
    public static ImmutableArray<ImmutableArray<OverflowSummary>> Run(Graph graph, ImmutableArray<sbyte[]> samples, AccumulatorWidths widths)
    {
        var values = samples.Select(sample => Interpreter.Run(graph, sample)).ToArray();
        return [.. graph.Nodes.Select(node => node.Operator is DotProductOperator dot
            ? Channels(dot.OutputChannels, values.SelectMany(tensors => DotProducts(graph, node, tensors[node.Inputs[0]])), widths)
            : [])];
    }

    private static ImmutableArray<OverflowSummary> Channels(int count, IEnumerable<(int Channel, int[] Products)> dotProducts, AccumulatorWidths widths)
    {
        var byChannel = dotProducts.ToLookup(entry => entry.Channel, entry => entry.Products);
        return [.. Enumerable.Range(0, count).Select(channel => new OverflowSummary(
            byChannel[channel].Count(),
            byChannel[channel].Min(products => products.Sum()),
            byChannel[channel].Max(products => products.Sum()),
            [.. widths.All.Select(width => byChannel[channel].Aggregate(
                default(OverflowCounts), (sum, products) => sum + LiteralOrders.Count(products, width)))]))];
    }

    private static IEnumerable<(int Channel, int[] Products)> DotProducts(Graph graph, Node node, sbyte[] input)
    {
        var dot = (DotProductOperator)node.Operator;
        var zeroPoint = graph.Tensors[node.Inputs[0]].Quantization.ZeroPoint;
        var positions = graph.Tensors[node.Output].Shape.ElementCount / dot.OutputChannels;
        return
            from position in Enumerable.Range(0, positions)
            from channel in Enumerable.Range(0, dot.OutputChannels)
            let products = Enumerable.Range(0, dot.ProductCount).Select(k => dot.Weight(channel, k) * Input(position, channel, k))
            select (channel, products.ToArray());

        int Input(int position, int channel, int k) => dot switch
        {
            FullyConnected connected => input[(position * connected.InputSize) + k] - zeroPoint,
            Conv2D conv => Tap(conv.Window, position, k / conv.InputChannels, k % conv.InputChannels),
            DepthwiseConv2D depthwise => Tap(depthwise.Window, position, k, channel / depthwise.DepthMultiplier),
            _ => throw new InvalidOperationException(dot.Name),
        };

        int Tap(Window window, int position, int tap, int channel)
        {
            var (shape, output) = (graph.Tensors[node.Inputs[0]].Shape, graph.Tensors[node.Output].Shape);
            var y = Coordinate(window.Vertical, position / output[2] % output[1], tap / window.Horizontal.Kernel);
            var x = Coordinate(window.Horizontal, position % output[2], tap % window.Horizontal.Kernel);
            var batch = position / (output[1] * output[2]);
            return y < 0 || y >= shape[1] || x < 0 || x >= shape[2]
                ? 0
                : input[(((((batch * shape[1]) + y) * shape[2]) + x) * shape[3]) + channel] - zeroPoint;
        }
    }
    private static int Coordinate(WindowAxis axis, int position, int tap) => (position * axis.Stride) + (tap * axis.Dilation) - axis.PadBefore;
}
