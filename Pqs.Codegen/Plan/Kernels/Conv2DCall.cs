using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>The call of a kernel that takes <c>pqs_conv2d_params</c>; the input's zero point is folded into the bias.</summary>
internal static class Conv2DCall
{
    public static KernelCall Create(string name, LayerContext layer, Conv2D conv, ExactSum sum, int scratchBytes)
    {
        var tables = DotProductTables.CreateFolded(conv, sum, layer.Input.Quantization.ZeroPoint);
        return new KernelCall(
            $"{name}_{tables.Suffix}",
            "pqs_conv2d_params",
            [
                .. tables.Addresses(),
                .. ConvolutionFields.Create(layer, conv),
                .. tables.Saturation(),
            ],
            [.. tables.Tables()],
            scratchBytes);
    }
}
