using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Any convolution: the taps of two pixels at a time are gathered into two int8 columns of scratch. Padding is gathered as the zero point.</summary>
internal sealed class Conv2DIm2ColKernel : IKernel
{
    private const int Columns = 2;

    public IEnumerable<KernelCall> Lower(LayerContext layer) =>
        layer.Node.Operator is Conv2D conv && ExactSum.Of(layer, conv) is { } sum
            ? [Conv2DCall.Create("conv2d_im2col", layer, conv, sum, scratchBytes: Columns * conv.ProductCount, Columns)]
            : [];
}
