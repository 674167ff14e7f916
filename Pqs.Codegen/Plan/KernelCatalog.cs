using System.Collections.Immutable;
using Pqs.Codegen.Plan.Kernels;

namespace Pqs.Codegen.Plan;

/// <summary>All kernels. Special ones stand before general ones: on a target without costs, the first that computes a node is taken.</summary>
public static class KernelCatalog
{
    public static ImmutableArray<IKernel> All { get; } =
    [
        new PackedConv2DKernel(),
        new Conv2DBlocksKernel(),
        new Conv2D1x1Kernel(),
        new Conv2DIm2ColKernel(),
        new DepthwiseConv2DKernel(),
        new PackedFullyConnectedKernel(),
        new SparseFullyConnectedKernel(),
        new FullyConnectedKernel(),
        new NarrowKernel(),
        new AddKernel(),
        new Pool2DKernel(),
        new SoftmaxKernel(),
        new PadKernel(),
    ];
}
