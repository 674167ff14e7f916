using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>A 1×1 kernel without padding: each pixel is a column already, so nothing is gathered.</summary>
internal sealed class Conv2D1x1Kernel : IKernel
{
    public IEnumerable<KernelCall> Lower(LayerContext layer) =>
        layer.Node.Operator is Conv2D conv && ExactSum.Of(layer, conv) is { } sum
        && conv.Window is
        {
            Vertical: { Kernel: 1, PadBefore: 0, PadAfter: 0 },
            Horizontal: { Kernel: 1, PadBefore: 0, PadAfter: 0 },
        }
            ? [Conv2DCall.Create("conv2d_1x1", layer, conv, sum, scratchBytes: 0, pixelsAtOnce: 2)]
            : [];
}
