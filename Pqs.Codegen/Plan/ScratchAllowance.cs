namespace Pqs.Codegen.Plan;

/// <summary>What a kernel may have of the arena for itself.</summary>
/// <param name="Free">Bytes that it may work in for the sake of speed, since they cost no RAM.</param>
/// <param name="Limit">Bytes that it may have at all, as long as some kernel can do with no more.</param>
internal readonly record struct ScratchAllowance(long Free, long Limit)
{
    /// <summary>As much as it needs, and none for the sake of speed.</summary>
    public static ScratchAllowance Needed { get; } = new(0, long.MaxValue);

    /// <summary>As little as any kernel can do with.</summary>
    public static ScratchAllowance Least { get; } = new(0, 0);
}
