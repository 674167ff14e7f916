using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Plan;

/// <summary>One node of the graph in the order of execution.</summary>
/// <param name="Node">The node.</param>
/// <param name="Call">The kernel that computes it; null for a reshape, which moves no data or is a plain copy.</param>
/// <param name="Bounds">By output channel: the worst cases of its dot products; empty for operators without.</param>
public sealed record Step(Node Node, KernelCall? Call, ImmutableArray<ChannelBounds> Bounds);
