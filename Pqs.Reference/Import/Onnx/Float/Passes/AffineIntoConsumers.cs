using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Passes;

/// <summary>
/// Folds an affine node into the dot products that alone read its output, if need be through a reshape. Padding stands behind the affine node and stays zero,
/// so where there is padding only a node without shifts can be folded.
/// </summary>
internal static class AffineIntoConsumers
{
    public static FloatGraph Run(FloatGraph graph)
    {
        var uses = new TensorUses(graph);
        var nodes = graph.Nodes.ToArray();
        var readers = nodes.Index().SelectMany(node => node.Item.Inputs.Select(input => (Input: input, node.Index)))
            .Where(read => uses.IsSingle(read.Input)).ToDictionary(read => read.Input, read => read.Index);
        var isFolded = new bool[nodes.Length];
        foreach (var (position, node) in graph.Nodes.Index().Where(node => node.Item.Operator is ChannelAffine))
        {
            var affine = (ChannelAffine)nodes[position].Operator;
            if (!readers.TryGetValue(node.Output, out var first))
            {
                continue;
            }

            var last = first;
            while (nodes[last].Operator is FloatReshape && readers.TryGetValue(nodes[last].Output, out var next))
            {
                last = next;
            }

            if (Fold(affine, nodes[last].Operator) is { } folded)
            {
                isFolded[position] = true;
                nodes[last] = nodes[last] with { Operator = folded };
                nodes[first] = nodes[first] with { Inputs = [node.Inputs[0]] };
                if (uses.IsSingle(node.Inputs[0]))
                {
                    readers[node.Inputs[0]] = first;
                }
            }
        }

        return graph with { Nodes = [.. nodes.Where((_, position) => !isFolded[position])] };
    }

    private static FloatDotProductOperator? Fold(ChannelAffine affine, FloatOperator @operator)
    {
        var isShifted = affine.Shift.Any(shift => shift != 0);
        return @operator switch
        {
            FloatFullyConnected matrix when matrix.InputSize % affine.Channels == 0 => affine.Before(matrix, (_, product) => product % affine.Channels),
            FloatConv2D conv when conv.InputChannels % affine.Channels == 0 && !(isShifted && IsPadded(conv.Window)) =>
                affine.Before(conv, (_, product) => product % affine.Channels),
            FloatDepthwiseConv2D depthwise when depthwise.InputChannels % affine.Channels == 0 && !(isShifted && IsPadded(depthwise.Window)) =>
                affine.Before(depthwise, (channel, _) => channel / depthwise.DepthMultiplier % affine.Channels),
            _ => null,
        };
    }

    private static bool IsPadded(Window window) => IsPadded(window.Vertical) || IsPadded(window.Horizontal);

    private static bool IsPadded(WindowAxis axis) => axis.PadBefore > 0 || axis.PadAfter > 0;
}
