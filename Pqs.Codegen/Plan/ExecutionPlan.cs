using System.Collections.Immutable;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Plan;

/// <summary>Everything that decides the generated code of a model.</summary>
public sealed record ExecutionPlan(Graph Graph, ImmutableArray<Step> Steps, BufferAssignment Assignment, ArenaLayout Arena)
{
    /// <summary>What was asked of it.</summary>
    public PlanOptions Options { get; init; } = new();

    public Buffer BufferOf(int tensor) => Assignment.Buffers[Assignment.OfTensor[tensor]];

    /// <summary>Bytes of flash for weights and other constant tables.</summary>
    public long TableBytes => Steps.Sum(step => step.Call?.TableBytes ?? 0);
}
