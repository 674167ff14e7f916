using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Any convolution: the taps of two pixels at a time are gathered into two int8 columns of scratch. Padding is gathered as the zero point.</summary>
internal sealed class Conv2DIm2ColKernel : IKernel
{
    private const int Columns = 2;

    public KernelCall? TryLower(Graph graph, Node node) =>
        node.Operator is Conv2D conv && DotProductTables.IsWide(conv)
            ? Conv2DCall.Create("pqs_conv2d_im2col", graph, node, conv, scratchBytes: Columns * conv.ProductCount)
            : null;
}
