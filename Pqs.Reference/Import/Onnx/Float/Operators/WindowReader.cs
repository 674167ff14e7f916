using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>The attributes of sliding windows: kernel_shape, strides, dilations, pads and auto_pad.</summary>
internal static class WindowReader
{
    /// <param name="node">The node.</param>
    /// <param name="image">N×C×H×W.</param>
    /// <param name="kernel">Rows and columns of the kernel; null to read them from kernel_shape.</param>
    /// <returns>
    /// A window with at least one position. Its padding may be as large as the window or larger. Null, reported, where there is none.
    /// </returns>
    public static Window? Read(OnnxNodeReader node, ActivationValue image, (int Rows, int Columns)? kernel)
    {
        if (node.ReadSizes("kernel_shape", minimum: 1, kernel is var (rows, columns) ? [rows, columns] : null) is not { } taps
            || node.ReadSizes("strides", minimum: 1, [1, 1]) is not { } strides
            || node.ReadSizes("dilations", minimum: 1, [1, 1]) is not { } dilations
            || node.ReadSizes("pads", minimum: 0, [0, 0, 0, 0]) is not { } pads)
        {
            return null;
        }

        if (taps.Length != 2 || strides.Length != 2 || dilations.Length != 2 || pads.Length != 4)
        {
            node.RefuseAttribute("kernel_shape", $"[{string.Join(", ", taps)}]", "only windows over two dimensions are imported");
            return null;
        }

        if (kernel is var (height, width) && (taps[0] != height || taps[1] != width))
        {
            node.RefuseShapes($"kernel_shape {taps[0]}x{taps[1]} is not that of weights of {height}x{width}");
            return null;
        }

        var padding = node.ReadText("auto_pad", "NOTSET");
        if (padding is not ("NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER"))
        {
            node.RefuseAttribute("auto_pad", Printable.Name(padding), "only NOTSET, VALID, SAME_UPPER and SAME_LOWER exist");
            return null;
        }

        var window = new Window(Axis(0), Axis(1));
        if (window.Vertical.OutputSize(image.Sizes[2]) < 1 || window.Horizontal.OutputSize(image.Sizes[3]) < 1)
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.WindowInvalid,
                node.Place,
                $"kernel {taps[0]}x{taps[1]}, dilation {dilations[0]}x{dilations[1]}, padding [{string.Join(", ", pads)}] over {image.SizesText}");
            return null;
        }

        return window;

        WindowAxis Axis(int axis)
        {
            var size = image.Sizes[2 + axis];
            var valid = WindowAxis.Valid(taps[axis], strides[axis], dilations[axis]);
            var same = WindowAxis.Same(size, valid.Kernel, valid.Stride, valid.Dilation);
            return padding switch
            {
                "NOTSET" => valid with { PadBefore = pads[axis], PadAfter = pads[2 + axis] },
                "VALID" => valid,
                "SAME_UPPER" => same,
                _ => same with { PadBefore = same.PadAfter, PadAfter = same.PadBefore },
            };
        }
    }
}
