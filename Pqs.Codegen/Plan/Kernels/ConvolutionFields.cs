using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Members that the parameter structs of several kernels share.</summary>
internal static class ConvolutionFields
{
    /// <summary>All that the kernels of convolutions over all input channels know of a layer beside its tables.</summary>
    public static IEnumerable<KernelField> Create(LayerContext layer, Conv2D conv) =>
    [
        KernelField.Number("batches", layer.Input.Shape[0]),
        KernelField.Number("input_height", layer.Input.Shape[1]),
        KernelField.Number("input_width", layer.Input.Shape[2]),
        KernelField.Number("input_channels", layer.Input.Shape[3]),
        KernelField.Number("output_height", layer.Output.Shape[1]),
        KernelField.Number("output_width", layer.Output.Shape[2]),
        KernelField.Number("output_channels", layer.Output.Shape[3]),
        .. Kernel(conv.Window),
        .. Stride(conv.Window),
        .. Dilation(conv.Window),
        .. Padding(conv.Window),
        KernelField.Number("input_zero_point", layer.Input.Quantization.ZeroPoint),
        KernelField.Number("output_zero_point", layer.Output.Quantization.ZeroPoint),
        .. Clamp(conv.OutputRange),
    ];

    public static IEnumerable<KernelField> Kernel(Window window) =>
    [
        KernelField.Number("kernel_height", window.Vertical.Kernel),
        KernelField.Number("kernel_width", window.Horizontal.Kernel),
    ];

    public static IEnumerable<KernelField> Stride(Window window) =>
    [
        KernelField.Number("stride_height", window.Vertical.Stride),
        KernelField.Number("stride_width", window.Horizontal.Stride),
    ];

    public static IEnumerable<KernelField> Dilation(Window window) =>
    [
        KernelField.Number("dilation_height", window.Vertical.Dilation),
        KernelField.Number("dilation_width", window.Horizontal.Dilation),
    ];

    public static IEnumerable<KernelField> Padding(Window window) =>
    [
        KernelField.Number("padding_top", window.Vertical.PadBefore),
        KernelField.Number("padding_left", window.Horizontal.PadBefore),
    ];

    public static IEnumerable<KernelField> Clamp(OutputRange range) =>
    [
        KernelField.Number("activation_min", range.Minimum),
        KernelField.Number("activation_max", range.Maximum),
    ];
}
