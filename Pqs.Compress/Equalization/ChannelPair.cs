using System.Collections.Immutable;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Compress.Equalization;

/// <summary>
/// Two layers of which the second reads what the first writes, and nobody else does, so that a channel in between may be scaled: what the first divides by a
/// positive number the second multiplies by it.
/// </summary>
/// <param name="First">Node of the first.</param>
/// <param name="Second">Node of the second.</param>
internal sealed record ChannelPair(int First, int Second)
{
    /// <summary>All pairs of a network, in the order of their first layers.</summary>
    public static ImmutableArray<ChannelPair> Find(FloatGraph graph)
    {
        var readers = graph.Nodes.Index().SelectMany(entry => entry.Item.Inputs.Select(id => (Id: id, Node: entry.Index))).ToLookup(entry => entry.Id, entry => entry.Node);
        var pairs = ImmutableArray.CreateBuilder<ChannelPair>();
        foreach (var (index, node) in graph.Nodes.Index())
        {
            if (node.Operator is FloatDotProductOperator dot && IsHomogeneous(dot.Activation) && Reader(graph, readers, node, dot.OutputChannels) is { } second)
            {
                pairs.Add(new ChannelPair(index, second));
            }
        }

        return pairs.ToImmutable();
    }

    /// <summary>The output channel of the first layer that a product of the second reads.</summary>
    public static int InputChannel(FloatDotProductOperator second, int channel, int product, int channels) => second switch
    {
        FloatDepthwiseConv2D depthwise => channel / depthwise.DepthMultiplier,
        _ => product % channels,
    };

    /// <summary>True where a positive factor may be moved through the activation.</summary>
    private static bool IsHomogeneous(FloatRange activation) => activation == FloatRange.None || activation == FloatRange.Relu;

    /// <summary>The layer that reads a tensor, through operators that treat every channel alike; null where there are others, or none.</summary>
    private static int? Reader(FloatGraph graph, ILookup<int, int> readers, FloatNode node, int channels)
    {
        var id = node.Output;
        while (!graph.Outputs.Contains(id) && readers[id].Count() == 1)
        {
            var index = readers[id].Single();
            var next = graph.Nodes[index];
            switch (next.Operator)
            {
                case FloatDotProductOperator dot:
                    // The channel is the fastest index of what a matrix reads.
                    return dot is not FloatFullyConnected { InputSize: var size } || size % channels == 0 ? index : null;
                case FloatPool2D pool when IsHomogeneous(pool.Activation):
                case FloatPad pad when pad.Before[^1] == 0 && pad.After[^1] == 0:
                case FloatReshape when graph.Tensors[next.Output].Shape.Dimensions[^1] % channels == 0:
                    id = next.Output;
                    break;
                default:
                    return null;
            }
        }

        return null;
    }
}
