using System.Collections.Immutable;

namespace Pqs.Codegen.Plan;

/// <summary>Which memory each tensor lives in.</summary>
/// <param name="Buffers">All buffers.</param>
/// <param name="OfTensor">By tensor id: index into <paramref name="Buffers"/>.</param>
/// <param name="ScratchOfStep">By step: index into <paramref name="Buffers"/>, or -1.</param>
public sealed record BufferAssignment(ImmutableArray<Buffer> Buffers, ImmutableArray<int> OfTensor, ImmutableArray<int> ScratchOfStep);
