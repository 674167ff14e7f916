using Pqs.Reference.Model;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Members that the parameter structs of several kernels share.</summary>
internal static class ConvolutionFields
{
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
