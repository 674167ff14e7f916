using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Convolutions of four pixels at a time, where memory for the words of their inputs costs no RAM. Cores with vectors do without it.</summary>
internal sealed class Conv2DBlocksKernel : IKernel
{
    /// <summary>Bytes of scratch for each weight of a channel: four words, and a column for each of two pixels.</summary>
    private const int WeightBytes = 18;

    /// <summary>Laying inputs out in words pays where so many channels use them.</summary>
    private const int LeastChannels = 4;

    /// <summary>Pixels of a block, which fewer do not fill.</summary>
    private const int BlockPixels = 4;

    public IEnumerable<KernelCall> Lower(LayerContext layer) =>
        layer.Node.Operator is Conv2D conv && ExactSum.Of(layer, conv) is { } sum && conv.OutputChannels >= LeastChannels
        && layer.Output.Shape.ElementCount / conv.OutputChannels >= BlockPixels && (long)WeightBytes * conv.ProductCount <= layer.FreeScratch
            ? [Conv2DCall.Create("conv2d_blocks", layer, conv, sum, scratchBytes: WeightBytes * conv.ProductCount, BlockPixels, isFilledUp: true)]
            : [];
}
