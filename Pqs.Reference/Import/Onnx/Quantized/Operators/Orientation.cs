using System.Collections.Immutable;
using Pqs.Reference.Import.Onnx.Float;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Finds which dimension of the graph's tensor is which of the file's, for operators that need them one by one.</summary>
internal static class Orientation
{
    private static readonly ImmutableArray<int> ImageOrder = [0, 2, 3, 1];

    /// <summary>The tensor, in a shape with the file's dimensions, and the file's dimension for each of the tensor's; null where they are not to be had.</summary>
    public static (int Tensor, ImmutableArray<int> Order)? Of(QdqNode node, Activation activation)
    {
        var (layout, shape) = (activation.Layout, node.Draft[activation.Tensor].Shape);
        ImmutableArray<int> plain = [.. Enumerable.Range(0, layout.Rank)];
        var (isPlain, isImage) = (layout.IsPlain, layout.IsImage);

        // Small shapes are both; the tensor's own shape says what is meant.
        var order = isPlain && InOrder(layout, plain) == shape ? plain
            : isImage ? ImageOrder
            : isPlain ? plain
            : default;
        return order.IsDefault ? null : (node.Draft.InShape(activation.Tensor, InOrder(layout, order), node.Source), order);
    }

    /// <summary>The layout of a tensor that has its dimensions in the order that <see cref="Of"/> gave.</summary>
    public static Layout LayoutOf(Shape shape, ImmutableArray<int> order) =>
        order.SequenceEqual(ImageOrder) ? Layout.Image([shape[0], shape[3], shape[1], shape[2]]) : Layout.Plain(shape.Dimensions);

    /// <summary>The shape for a tensor that has the file's dimensions: those of an image in the graph's order, where it is one and can be nothing else.</summary>
    public static Shape ShapeOf(Layout layout) =>
        layout.IsImage && !layout.IsPlain ? InOrder(layout, ImageOrder) : new Shape(layout.Sizes.AsSpan());

    private static Shape InOrder(Layout layout, ImmutableArray<int> order) => new([.. order.Select(axis => layout.Sizes[axis])]);
}
