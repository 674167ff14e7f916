using System.Collections.Immutable;
using Pqs.Reference.Import.Onnx.Float.Passes;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Constants that are broadcast over a tensor, brought into the order of its channels in the graph.</summary>
internal static class ChannelConstants
{
    /// <summary>Most numbers that a shorter constant is spread to.</summary>
    private const int MaximumSpread = 1 << 16;

    /// <summary>y = scale · x + shift, both broadcast by the rules of ONNX: dimensions are aligned at the last one, and are 1 or those of the tensor.</summary>
    /// <param name="node">The node.</param>
    /// <param name="value">x.</param>
    /// <param name="sizes">Dimensions of scale and shift.</param>
    /// <param name="scale">As many as the dimensions say.</param>
    /// <param name="shift">As many as the dimensions say.</param>
    public static OnnxValue? Affine(
        OnnxNodeReader node, ActivationValue value, ImmutableArray<int> sizes, ImmutableArray<double> scale, ImmutableArray<double> shift)
    {
        var lead = value.Sizes.Length - sizes.Length;
        if (lead < 0 || sizes.Where((size, axis) => size != 1 && size != value.Sizes[lead + axis]).Any())
        {
            return node.RefuseShapes($"a constant of [{string.Join('x', sizes)}] cannot be spread over {value.SizesText}");
        }

        // How far apart in the constant neighbours along each factor are.
        var distances = Factor.Distances(sizes.Index().Where(size => size.Item != 1).SelectMany(size => value.Layout.Dimensions[lead + size.Index]));

        var shape = node.Graph.ShapeOf(value.Tensor);
        var block = Block(value.Layout, distances, shape[shape.Rank - 1]);
        if (Factor.Product(block) is var channels && channels > Math.Max(MaximumSpread, scale.Length))
        {
            return node.RefuseShapes($"a constant of [{string.Join('x', sizes)}] over {value.SizesText} would be {channels} numbers");
        }

        var offsets = Factor.Offsets(block, distances);
        var image = shape[shape.Rank - 1] == offsets.Length ? shape : new Shape(shape.ElementCount / offsets.Length, offsets.Length);
        var affine = new ChannelAffine([.. offsets.Select(offset => scale[offset])], [.. offsets.Select(offset => shift[offset])]);
        return node.Emit(affine, [node.Graph.InShape(value, image)], image, value.Layout);
    }

    /// <summary>
    /// The innermost factors of the graph's tensor that the constant depends on, or more of them if they make up the tensor's last dimension, which keeps its
    /// shape.
    /// </summary>
    private static ImmutableArray<Factor> Block(Layout layout, Dictionary<Factor, int> distances, int lastDimension)
    {
        var first = layout.Storage.TakeWhile(factor => !distances.ContainsKey(factor)).Count();
        for (var longer = first; longer >= 0; longer--)
        {
            if (lastDimension <= MaximumSpread && Factor.Product(layout.Storage[longer..]) == lastDimension)
            {
                return layout.Storage[longer..];
            }
        }

        return layout.Storage[first..];
    }
}
