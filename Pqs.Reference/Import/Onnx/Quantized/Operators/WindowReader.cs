using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>The attributes of sliding windows: kernel_shape, strides, dilations, pads, auto_pad and ceil_mode.</summary>
internal static class WindowReader
{
    /// <param name="node">The node.</param>
    /// <param name="image">Sizes N, C, H, W.</param>
    /// <param name="kernel">Rows and columns of the kernel; null to read them from kernel_shape.</param>
    /// <returns>A window with at least one position; null, reported, where there is none.</returns>
    public static Window? Read(OnnxNode node, ImmutableArray<int> image, ImmutableArray<int>? kernel)
    {
        if (Sizes(node, "kernel_shape", 1, kernel ?? []) is not { } taps
            || Sizes(node, "strides", 1, [1, 1]) is not { } strides
            || Sizes(node, "dilations", 1, [1, 1]) is not { } dilations
            || Sizes(node, "pads", 0, [0, 0, 0, 0]) is not { } pads
            || node.ReadString("auto_pad", "NOTSET") is not { } padding
            || node.ReadInteger("ceil_mode", 0) is not { } ceiling)
        {
            return null;
        }

        if (taps.Length != 2 || strides.Length != 2 || dilations.Length != 2 || pads.Length != 4)
        {
            node.RefuseAttribute("kernel_shape", $"[{string.Join(", ", taps.Take(8))}]", "only windows over two dimensions are imported");
            return null;
        }

        if (kernel is { } expected && !taps.SequenceEqual(expected))
        {
            node.RefuseShapes($"kernel_shape {taps[0]}x{taps[1]} is not that of weights of {expected[0]}x{expected[1]}");
            return null;
        }

        if (padding is not ("NOTSET" or "VALID" or "SAME_UPPER" or "SAME_LOWER"))
        {
            node.RefuseAttribute("auto_pad", Printable.Name(padding), "only NOTSET, VALID, SAME_UPPER and SAME_LOWER exist");
            return null;
        }

        if (padding != "NOTSET" && pads.Any(pad => pad != 0))
        {
            node.RefuseAttribute("pads", $"[{string.Join(", ", pads)}]", $"auto_pad is {padding}");
            return null;
        }

        var window = new Window(Axis(0), Axis(1));
        if (window.Vertical.OutputSize(image[2]) >= 1 && window.Horizontal.OutputSize(image[3]) >= 1)
        {
            return window;
        }

        node.Diagnostics.Report(
            DiagnosticDescriptors.WindowInvalid,
            node.Place,
            $"kernel {taps[0]}x{taps[1]}, dilation {dilations[0]}x{dilations[1]}, padding [{string.Join(", ", pads)}] over {image[2]}x{image[3]}");
        return null;

        WindowAxis Axis(int axis)
        {
            var size = image[2 + axis];
            var valid = WindowAxis.Valid(taps[axis], strides[axis], dilations[axis]);
            var same = WindowAxis.Same(size, valid.Kernel, valid.Stride, valid.Dilation);
            return padding switch
            {
                "NOTSET" => Ceiled(valid with { PadBefore = pads[axis], PadAfter = pads[2 + axis] }, size),
                "VALID" => Ceiled(valid, size),
                "SAME_UPPER" => same,
                _ => same with { PadBefore = same.PadAfter, PadAfter = same.PadBefore },
            };
        }

        // One more position, which may reach beyond the padding but must start in front of its end.
        WindowAxis Ceiled(WindowAxis axis, int size)
        {
            var room = size + (long)axis.PadBefore + axis.PadAfter - axis.Extent;
            var missing = ceiling == 0 || room < 0 || room % axis.Stride == 0 ? 0 : axis.Stride - (room % axis.Stride);
            var start = ((room / axis.Stride) + 1) * axis.Stride;
            return missing == 0 || start >= (long)size + axis.PadBefore ? axis : axis with { PadAfter = (int)(axis.PadAfter + missing) };
        }
    }

    private static ImmutableArray<int>? Sizes(OnnxNode node, string name, int minimum, ImmutableArray<int> whenAbsent)
    {
        if (node.ReadIntegers(name, [.. whenAbsent.Select(size => (long)size)]) is not { } sizes)
        {
            return null;
        }

        if (sizes.Length > 4 || sizes.Any(size => size < minimum || size > GraphVerifier.MaximumElements))
        {
            node.RefuseAttribute(name, $"[{string.Join(", ", sizes.Take(8))}]", $"each must be at least {minimum}");
            return null;
        }

        return [.. sizes.Select(size => (int)size)];
    }
}
