using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>The call of a kernel that takes <c>pqs_conv2d_params</c>; the input's zero point is folded into the bias.</summary>
internal static class Conv2DCall
{
    public static KernelCall Create(string name, LayerContext layer, Conv2D conv, ExactSum sum, int scratchBytes)
    {
        var (input, output) = (layer.Input, layer.Output);
        var tables = DotProductTables.CreateFolded(conv, sum, input.Quantization.ZeroPoint);
        return new KernelCall(
            $"{name}_{tables.Suffix}",
            "pqs_conv2d_params",
            [
                .. tables.Addresses(),
                KernelField.Number("batches", input.Shape[0]),
                KernelField.Number("input_height", input.Shape[1]),
                KernelField.Number("input_width", input.Shape[2]),
                KernelField.Number("input_channels", input.Shape[3]),
                KernelField.Number("output_height", output.Shape[1]),
                KernelField.Number("output_width", output.Shape[2]),
                KernelField.Number("output_channels", output.Shape[3]),
                .. ConvolutionFields.Kernel(conv.Window),
                .. ConvolutionFields.Stride(conv.Window),
                .. ConvolutionFields.Dilation(conv.Window),
                .. ConvolutionFields.Padding(conv.Window),
                KernelField.Number("input_zero_point", input.Quantization.ZeroPoint),
                KernelField.Number("output_zero_point", output.Quantization.ZeroPoint),
                .. ConvolutionFields.Clamp(conv.OutputRange),
                .. tables.Saturation(),
            ],
            [.. tables.Tables()],
            scratchBytes);
    }
}
