using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>A tensor of the graph that is an image N×H×W×C.</summary>
internal sealed record ImageValue(int Tensor, Shape Shape)
{
    /// <summary>The layout of an image of another size.</summary>
    public static Layout LayoutOf(Shape shape) => Layout.Image([shape[0], shape[3], shape[1], shape[2]]);
}

/// <summary>What operators on images share.</summary>
internal static class ImageReader
{
    /// <summary>A value N×C×H×W as an image of the graph; null, reported, where its elements would have to move.</summary>
    public static ImageValue? Read(OnnxNodeReader node, ActivationValue value)
    {
        if (value.Sizes.Length != 4)
        {
            node.RefuseShapes($"{value.SizesText} is not NxCxHxW");
            return null;
        }

        if (!value.Layout.IsImage)
        {
            node.RefuseMovement(value, "to an image");
            return null;
        }

        var sizes = value.Sizes;
        var shape = new Shape(sizes[0], sizes[2], sizes[3], sizes[1]);
        return new ImageValue(node.Graph.InShape(value, shape), shape);
    }

    public static ActivationValue? EmitWindowed(OnnxNodeReader node, ImageValue image, Window window, FloatOperator @operator, int channels)
    {
        var (height, width) = (window.Vertical.OutputSize(image.Shape[1]), window.Horizontal.OutputSize(image.Shape[2]));
        var shape = new Shape(image.Shape[0], (int)height, (int)width, channels);
        return node.Emit(@operator, [image.Tensor], shape, ImageValue.LayoutOf(shape));
    }

    /// <summary>The image with zeros around it, and the window without padding, where the padding is as large as the window.</summary>
    public static (ImageValue Image, Window Window)? WithoutWidePadding(OnnxNodeReader node, ImageValue image, Window window) =>
        IsWide(window.Vertical) || IsWide(window.Horizontal) ? Padded(node, image, window) : (image, window);

    /// <summary>The image with the window's padding as zeros around it, and the window without.</summary>
    public static (ImageValue Image, Window Window)? Padded(OnnxNodeReader node, ImageValue image, Window window)
    {
        var (vertical, horizontal) = window;
        if (vertical is { PadBefore: 0, PadAfter: 0 } && horizontal is { PadBefore: 0, PadAfter: 0 })
        {
            return (image, window);
        }

        var shape = new Shape(
            image.Shape[0],
            image.Shape[1] + vertical.PadBefore + vertical.PadAfter,
            image.Shape[2] + horizontal.PadBefore + horizontal.PadAfter,
            image.Shape[3]);
        var pad = new FloatPad([0, vertical.PadBefore, horizontal.PadBefore, 0], [0, vertical.PadAfter, horizontal.PadAfter, 0]);
        return node.AddNode(pad, [image.Tensor], shape) is { } padded ? (new ImageValue(padded, shape), new Window(Bare(vertical), Bare(horizontal))) : null;
    }

    private static bool IsWide(WindowAxis axis) => axis.PadBefore >= axis.Extent || axis.PadAfter >= axis.Extent;

    private static WindowAxis Bare(WindowAxis axis) => axis with { PadBefore = 0, PadAfter = 0 };
}
