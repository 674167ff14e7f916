namespace Pqs.Codegen.Toolchain;

/// <summary>A section of an ELF file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its sh_type.</param>
/// <param name="Flags">Its sh_flags.</param>
/// <param name="Address">Where it is at run time.</param>
/// <param name="Offset">Where its contents are in the file.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Link">Index of the section that it refers to.</param>
public sealed record ElfSection(string Name, uint Type, ulong Flags, ulong Address, ulong Offset, ulong Size, uint Link)
{
    /// <summary>It takes memory at run time.</summary>
    public bool IsAllocated => (Flags & 2) != 0;

    public bool IsWritable => (Flags & 1) != 0;

    public bool IsCode => (Flags & 4) != 0;

    /// <summary>It has contents in the file; a .bss and an unused entry have none.</summary>
    public bool HasContents => Type is not (0 or 8);
}
