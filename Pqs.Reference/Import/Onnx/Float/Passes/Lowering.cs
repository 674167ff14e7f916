using System.Collections.Immutable;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Passes;

/// <summary>Expresses what could not be fused by the graph's own operators, as windows of one element.</summary>
internal static class Lowering
{
    private static readonly Window Point = new(WindowAxis.Valid(1, 1, 1), WindowAxis.Valid(1, 1, 1));

    /// <summary>An affine node as a depthwise convolution.</summary>
    public static FloatGraph Affines(FloatGraph graph) => Lower(graph, @operator => @operator is ChannelAffine affine ? Convolution(affine) : null);

    /// <summary>A clamp as the clamp of a pool.</summary>
    public static FloatGraph Clamps(FloatGraph graph) => Lower(graph, @operator => @operator is Clamp clamp ? new FloatMaxPool2D(Point, clamp.Range) : null);

    private static FloatDepthwiseConv2D Convolution(ChannelAffine affine) => new(Point, affine.Channels, 1)
    {
        Weights = [.. affine.Scale.Select(scale => (float)scale)],
        Bias = [.. affine.Shift.Select(shift => (float)shift)],
        Activation = FloatRange.None,
    };

    /// <param name="graph">The graph.</param>
    /// <param name="lower">An operator over images for an operator over channels; null for those that stay.</param>
    private static FloatGraph Lower(FloatGraph graph, Func<FloatOperator, FloatOperator?> lower)
    {
        var tensors = graph.Tensors.ToBuilder();
        var nodes = ImmutableArray.CreateBuilder<FloatNode>(graph.Nodes.Length);
        foreach (var node in graph.Nodes)
        {
            var shape = graph.Tensors[node.Output].Shape;
            if (lower(node.Operator) is not { } lowered)
            {
                nodes.Add(node);
            }
            else if (shape.Rank == 4)
            {
                nodes.Add(node with { Operator = lowered });
            }
            else
            {
                // An image of one row for the window to slide over.
                var channels = shape[shape.Rank - 1];
                var image = new Shape(1, 1, shape.ElementCount / channels, channels);
                var (input, output) = (tensors.Count, tensors.Count + 1);
                tensors.Add(new FloatTensor(graph.Tensors[node.Inputs[0]].Name, image));
                tensors.Add(new FloatTensor(graph.Tensors[node.Output].Name, image));
                nodes.Add(node with { Operator = new FloatReshape(), Output = input });
                nodes.Add(node with { Operator = lowered, Inputs = [input], Output = output });
                nodes.Add(node with { Operator = new FloatReshape(), Inputs = [output] });
            }
        }

        return graph with { Tensors = tensors.ToImmutable(), Nodes = nodes.ToImmutable() };
    }
}
