using System.Collections.Immutable;

namespace Pqs.Codegen.Plan;

/// <summary>Where each buffer lies in the arena.</summary>
/// <param name="Offsets">By buffer index: bytes from the arena's start, a multiple of <see cref="Alignment"/>; -1 for buffers outside the arena.</param>
/// <param name="Size">Bytes of the arena, at least one alignment unit: C has no empty arrays.</param>
/// <param name="LowerBound">Bytes live at the busiest step; no layout is smaller.</param>
public sealed record ArenaLayout(ImmutableArray<int> Offsets, int Size, int LowerBound)
{
    /// <summary>Kernels load four elements at once.</summary>
    public const int Alignment = 4;
}
