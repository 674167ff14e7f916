using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Any depthwise convolution; padded taps are skipped, and the zero point is subtracted in the loop.</summary>
internal sealed class DepthwiseConv2DKernel : IKernel
{
    public KernelCall? TryLower(LayerContext layer)
    {
        if (layer.Node.Operator is not DepthwiseConv2D depthwise || ExactSum.Of(layer, depthwise) is not { } sum)
        {
            return null;
        }

        var (input, output) = (layer.Input, layer.Output);
        var tables = DotProductTables.Create(depthwise, sum);
        return new KernelCall(
            $"pqs_depthwise_conv2d_{tables.Suffix}",
            "pqs_depthwise_conv2d_params",
            [
                .. tables.Addresses(),
                KernelField.Number("batches", input.Shape[0]),
                KernelField.Number("input_height", input.Shape[1]),
                KernelField.Number("input_width", input.Shape[2]),
                KernelField.Number("input_channels", input.Shape[3]),
                KernelField.Number("depth_multiplier", depthwise.DepthMultiplier),
                KernelField.Number("output_height", output.Shape[1]),
                KernelField.Number("output_width", output.Shape[2]),
                .. ConvolutionFields.Kernel(depthwise.Window),
                .. ConvolutionFields.Stride(depthwise.Window),
                .. ConvolutionFields.Dilation(depthwise.Window),
                .. ConvolutionFields.Padding(depthwise.Window),
                KernelField.Number("input_zero_point", input.Quantization.ZeroPoint),
                KernelField.Number("output_zero_point", output.Quantization.ZeroPoint),
                .. ConvolutionFields.Clamp(depthwise.OutputRange),
                .. tables.Saturation(),
            ],
            [.. tables.Tables()]);
    }
}
