using Pqs.Reference.Model;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Export;

/// <summary>A window as attributes of Conv, AveragePool and MaxPool.</summary>
internal static class WindowExport
{
    /// <param name="window">The window.</param>
    /// <param name="isPool">Pools have no dilation.</param>
    public static AttributeProto[] Attributes(Window window, bool isPool)
    {
        var (vertical, horizontal) = (window.Vertical, window.Horizontal);
        AttributeProto[] attributes =
        [
            OnnxGraphBuilder.Integers("kernel_shape", vertical.Kernel, horizontal.Kernel),
            OnnxGraphBuilder.Integers("pads", vertical.PadBefore, horizontal.PadBefore, vertical.PadAfter, horizontal.PadAfter),
            OnnxGraphBuilder.Integers("strides", vertical.Stride, horizontal.Stride),
        ];
        return isPool ? attributes : [OnnxGraphBuilder.Integers("dilations", vertical.Dilation, horizontal.Dilation), .. attributes];
    }
}
