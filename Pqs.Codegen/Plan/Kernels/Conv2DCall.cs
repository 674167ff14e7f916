using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>The call of a kernel that takes <c>pqs_conv2d_params</c>; the input's zero point is folded into the bias.</summary>
internal static class Conv2DCall
{
    /// <summary>Products of a dot product that dense kernels take at once; the rest is slower.</summary>
    private const int UnrolledProducts = 8;

    /// <summary>Products of a vector instruction.</summary>
    private const int VectorLength = 16;

    /// <param name="name">The kernel's, without the library's prefix and without its rounding.</param>
    /// <param name="layer">The node.</param>
    /// <param name="conv">Its operator.</param>
    /// <param name="sum">Whether sums are saturated.</param>
    /// <param name="scratchBytes">Working memory.</param>
    /// <param name="pixelsAtOnce">Pixels that the kernel computes side by side.</param>
    /// <param name="isFilledUp">Whether it computes fewer in the same way; else they are computed one by one.</param>
    public static KernelCall Create(string name, LayerContext layer, Conv2D conv, ExactSum sum, int scratchBytes, int pixelsAtOnce, bool isFilledUp = false)
    {
        var tables = DotProductTables.CreateFolded(conv, sum, layer.Input.Quantization.ZeroPoint);
        return new KernelCall(
            $"pqs_{name}_{tables.Suffix}",
            "pqs_conv2d_params",
            [
                .. tables.Addresses(),
                .. ConvolutionFields.Create(layer, conv),
                .. tables.Saturation(),
            ],
            [.. tables.Tables()],
            scratchBytes)
        {
            Work = Work(name, layer, conv, sum, pixelsAtOnce, isFilledUp),
        };
    }

    private static KernelWork Work(string name, LayerContext layer, Conv2D conv, ExactSum sum, int pixelsAtOnce, bool isFilledUp)
    {
        var pixels = DotProductWork.Pixels(layer, conv);
        var left = isFilledUp ? 0 : pixels % pixelsAtOnce;
        double outputs = (isFilledUp ? DotProductWork.RoundUp(pixels, pixelsAtOnce) : pixels - left) * conv.OutputChannels;
        var rest = conv.ProductCount % UnrolledProducts;
        return DotProductWork.Create(
            name,
            layer,
            conv,
            sum.Saturates,
            ("product", outputs * (conv.ProductCount - rest)),
            ("rest", outputs * rest),
            ("left", (double)left * conv.OutputChannels * conv.ProductCount),
            ("vector", outputs * Math.Ceiling(conv.ProductCount / (double)VectorLength)),
            ("pixel", pixels),
            ("row", (double)pixels * conv.Window.Vertical.Kernel),
            ("gathered", (double)pixels * conv.ProductCount));
    }
}
