using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Plan;

/// <summary>One node of the graph in the order of execution.</summary>
/// <param name="Node">The node.</param>
/// <param name="Call">The kernel that computes it; null for a reshape, which moves no data or is a plain copy.</param>
/// <param name="Bounds">By output channel: the worst cases of its dot products; empty for operators without.</param>
public sealed record Step(Node Node, KernelCall? Call, ImmutableArray<ChannelBounds> Bounds)
{
    /// <summary>Executed instructions of the call, as the target's costs predict them; null where there is no call, or no cost.</summary>
    public double? Instructions { get; init; }

    /// <summary>The kernels that compute it as well and were not taken.</summary>
    public ImmutableArray<KernelCandidate> Alternatives { get; init; } = [];
}
