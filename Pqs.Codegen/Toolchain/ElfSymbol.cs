namespace Pqs.Codegen.Toolchain;

/// <summary>A symbol of an ELF file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it names.</param>
/// <param name="Address">Its value; for functions without the Thumb bit.</param>
/// <param name="Size">Its size in bytes; 0 where unknown.</param>
/// <param name="IsLocal">It is seen in one object only.</param>
/// <param name="Section">Index of its section.</param>
public sealed record ElfSymbol(string Name, ElfSymbolKind Kind, ulong Address, ulong Size, bool IsLocal, int Section);
