using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>The call of a kernel that takes <c>pqs_conv2d_params</c>; the input's zero point is folded into the bias.</summary>
internal static class Conv2DCall
{
    /// <summary>Channels that dense kernels compute side by side.</summary>
    private const int ChannelsAtOnce = 2;

    /// <summary>Products of a vector instruction.</summary>
    private const int VectorLength = 16;

    /// <param name="name">The kernel's, without the library's prefix and without its rounding.</param>
    /// <param name="layer">The node.</param>
    /// <param name="conv">Its operator.</param>
    /// <param name="sum">Whether sums are saturated.</param>
    /// <param name="scratchBytes">Working memory.</param>
    /// <param name="pixelsAtOnce">Pixels that the kernel computes side by side.</param>
    public static KernelCall Create(string name, LayerContext layer, Conv2D conv, ExactSum sum, int scratchBytes, int pixelsAtOnce)
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
            Work = Work(name, layer, conv, sum, pixelsAtOnce),
        };
    }

    private static KernelWork Work(string name, LayerContext layer, Conv2D conv, ExactSum sum, int pixelsAtOnce)
    {
        var pixels = DotProductWork.Pixels(layer, conv);
        var sums = DotProductWork.RoundUp(pixels, pixelsAtOnce) * DotProductWork.RoundUp(conv.OutputChannels, ChannelsAtOnce);
        return DotProductWork.Create(
            name,
            layer,
            conv,
            sum.Saturates,
            ("product", sums * conv.ProductCount),
            ("vector", sums * Math.Ceiling(conv.ProductCount / (double)VectorLength)),
            ("pixel", pixels),
            ("row", (double)pixels * conv.Window.Vertical.Kernel),
            ("gathered", (double)pixels * conv.ProductCount));
    }
}
