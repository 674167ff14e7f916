using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Plan;

/// <summary>A node as kernels see it.</summary>
/// <param name="Graph">The graph that it is part of.</param>
/// <param name="Node">The node.</param>
/// <param name="InputRange">The quantized values that its first input can hold.</param>
/// <param name="Bounds">By output channel: the worst cases of its dot products; empty for operators without.</param>
/// <param name="FreeScratch">Bytes that a kernel may work in for the sake of speed, since they cost no RAM; it gets more where it cannot do without.</param>
/// <param name="ScratchLimit">Bytes of scratch beyond which a kernel with a choice takes as few as it can.</param>
public sealed record LayerContext(
    Graph Graph,
    Node Node,
    TensorRange InputRange,
    ImmutableArray<ChannelBounds> Bounds,
    long FreeScratch,
    long ScratchLimit)
{
    public Tensor Input => Graph.Tensors[Node.Inputs[0]];

    public Tensor Output => Graph.Tensors[Node.Output];

    /// <summary>The weakest proof of any channel at a width.</summary>
    public Proof ProofAt(int bits) => Bounds.Select(channel => channel.ProofAt(bits)).DefaultIfEmpty(Proof.AnyOrder).Max();
}
