using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Pools over windows and over whole images, means over rows and columns.</summary>
internal static class PoolImporter
{
    public static OnnxValue? Pool(OnnxNodeReader node)
    {
        if (node.ReadActivation(0) is not { } value
            || ImageReader.Read(node, value) is not { } image
            || WindowReader.Read(node, value, kernel: null) is not { } window)
        {
            return null;
        }

        if (window.Vertical.Dilation != 1 || window.Horizontal.Dilation != 1)
        {
            return node.RefuseAttribute("dilations", $"[{window.Vertical.Dilation}, {window.Horizontal.Dilation}]", "pools take neighbouring elements only");
        }

        if (node.ReadInteger("ceil_mode", 0) is var mode && mode is not (0 or 1))
        {
            return node.RefuseAttribute("ceil_mode", mode, "only 0 and 1 exist");
        }

        var isMaximum = node.OperatorType == "MaxPool";
        var rounded = mode == 0 ? window : new Window(RoundedUp(window.Vertical, image.Shape[1]), RoundedUp(window.Horizontal, image.Shape[2]));
        if (rounded != window && node.ReadText("auto_pad", "NOTSET") == "VALID")
        {
            return node.RefuseAttribute("ceil_mode", mode, "with auto_pad VALID, the text of the standard and onnxruntime give other sizes");
        }

        if (isMaximum || node.ReadInteger("count_include_pad", 0) == 0)
        {
            return Emit(node, image, rounded, isMaximum);
        }

        // Zeros that count are elements like all others; what ceil_mode adds behind them does not count.
        if (ImageReader.Padded(node, image, window) is not var (padded, bare))
        {
            return null;
        }

        var (vertical, horizontal) = bare;
        vertical = vertical with { PadAfter = vertical.PadAfter + rounded.Vertical.PadAfter - window.Vertical.PadAfter };
        horizontal = horizontal with { PadAfter = horizontal.PadAfter + rounded.Horizontal.PadAfter - window.Horizontal.PadAfter };
        return Emit(node, padded, new Window(vertical, horizontal), isMaximum);
    }

    public static OnnxValue? GlobalPool(OnnxNodeReader node) =>
        node.ReadActivation(0) is { } value && ImageReader.Read(node, value) is { } image
            ? Emit(node, image, Whole(image), node.OperatorType == "GlobalMaxPool")
            : null;

    /// <summary>The mean over the two dimensions of images.</summary>
    public static OnnxValue? ReduceMean(OnnxNodeReader node)
    {
        if (node.ReadActivation(0) is not { } value
            || (node.Opset < 18 ? node.ReadIntegers("axes") ?? [] : node.HasInput(1) ? node.ReadIntegers(1, "the axes") : []) is not { } axes)
        {
            return null;
        }

        var rank = value.Sizes.Length;
        var reduced = axes.Select(axis => axis < 0 ? axis + rank : axis).Distinct().Order().ToArray();
        if (rank != 4 || reduced.Length != 2 || reduced[0] < 0 || reduced[1] > 3)
        {
            return node.RefuseAttribute("axes", $"[{string.Join(", ", axes.Take(16))}]", $"only means over the rows and columns of images are imported, and this is {value.SizesText}");
        }

        var kept = Enumerable.Range(0, 4).Where(axis => !reduced.Contains(axis)).ToArray();
        int[] permutation = [.. kept, .. reduced.Select(axis => (int)axis)];
        var turned = value with { Layout = value.Layout.Transposed(permutation) };
        if (ImageReader.Read(node, turned) is not { } image)
        {
            return null;
        }

        if (Emit(node, image, Whole(image), isMaximum: false) is not { } mean)
        {
            return null;
        }

        var sizes = node.ReadInteger("keepdims", 1) == 0 ? kept.Select(axis => value.Sizes[axis]) : value.Sizes.Select((size, axis) => reduced.Contains(axis) ? 1 : size);
        return mean with { Layout = mean.Layout.Reshaped([.. sizes])! };
    }

    private static ActivationValue? Emit(OnnxNodeReader node, ImageValue image, Window window, bool isMaximum) => ImageReader.EmitWindowed(
        node,
        image,
        window,
        isMaximum ? new FloatMaxPool2D(window, FloatRange.None) : new FloatAveragePool2D(window, FloatRange.None),
        image.Shape[3]);

    /// <summary>
    /// Room for one more position where the steps do not end at the last element, if that position begins in the input or in the padding before it. What it
    /// covers behind the padding takes no part.
    /// </summary>
    private static WindowAxis RoundedUp(WindowAxis axis, int size)
    {
        var next = axis.OutputSize(size) * axis.Stride;
        var missing = next + axis.Extent - (size + (long)axis.PadBefore + axis.PadAfter);
        return missing < axis.Stride && next < size + (long)axis.PadBefore ? axis with { PadAfter = (int)(axis.PadAfter + missing) } : axis;
    }

    private static Window Whole(ImageValue image) => new(WindowAxis.Valid(image.Shape[1], 1, 1), WindowAxis.Valid(image.Shape[2], 1, 1));
}
