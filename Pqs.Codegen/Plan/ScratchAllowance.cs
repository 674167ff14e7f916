namespace Pqs.Codegen.Plan;

/// <summary>What a kernel may have of the arena for itself.</summary>
/// <param name="Free">Bytes that it may work in only to be faster.</param>
/// <param name="Limit">Bytes that it may have at all, as long as some kernel can do with no more.</param>
internal readonly record struct ScratchAllowance(long Free, long Limit)
{
    /// <summary>As little as any kernel can do with.</summary>
    public static ScratchAllowance Least { get; } = new(0, 0);
}
