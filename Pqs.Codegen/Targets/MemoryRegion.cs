namespace Pqs.Codegen.Targets;

/// <summary>A stretch of a machine's address space.</summary>
/// <param name="Origin">Its first address.</param>
/// <param name="Length">Its size in bytes; at least 1, and it ends within the 32-bit address space.</param>
public sealed record MemoryRegion(uint Origin, uint Length);
