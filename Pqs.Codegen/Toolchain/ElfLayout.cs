using System.Buffers.Binary;

namespace Pqs.Codegen.Toolchain;

/// <summary>Where the fields of ELF's tables are: the two classes differ in order and width.</summary>
/// <param name="Is64">Class 64.</param>
/// <param name="HeaderSize">Size of the file header.</param>
/// <param name="SectionTableOffset">Where in the file header the section table's offset is.</param>
/// <param name="SectionCount">Where in the file header the number of sections is, between their size and the index of their names.</param>
/// <param name="SectionSize">Size of a section's entry.</param>
/// <param name="SymbolSize">Size of a symbol's entry.</param>
internal sealed record ElfLayout(bool Is64, int HeaderSize, int SectionTableOffset, int SectionCount, int SectionSize, int SymbolSize)
{
    public static ElfLayout Class32 { get; } = new(false, 52, 32, 48, 40, 16);

    public static ElfLayout Class64 { get; } = new(true, 64, 40, 60, 64, 24);

    /// <summary>An address-sized field.</summary>
    public ulong Word(ReadOnlySpan<byte> bytes, int offset) => Is64
        ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..])
        : BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    /// <summary>A section without its name, which needs the table of names.</summary>
    public ElfSection Section(ReadOnlySpan<byte> entry)
    {
        var width = Is64 ? 8 : 4;
        return new ElfSection(
            Name: "",
            Type: BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
            Flags: Word(entry, 8),
            Address: Word(entry, 8 + width),
            Offset: Word(entry, 8 + (2 * width)),
            Size: Word(entry, 8 + (3 * width)),
            Link: BinaryPrimitives.ReadUInt32LittleEndian(entry[(8 + (4 * width))..]));
    }

    public ElfSymbol Symbol(ReadOnlySpan<byte> entry, string name, bool isArm)
    {
        var information = entry[Is64 ? 4 : 12];
        var kind = (information & 15) < (int)ElfSymbolKind.Other ? (ElfSymbolKind)(information & 15) : ElfSymbolKind.Other;
        var value = Word(entry, Is64 ? 8 : 4);
        return new ElfSymbol(
            name,
            kind,
            isArm && kind == ElfSymbolKind.Function ? value & ~1UL : value,
            Word(entry, Is64 ? 16 : 8),
            IsLocal: information >> 4 == 0,
            Section: BinaryPrimitives.ReadUInt16LittleEndian(entry[(Is64 ? 6 : 14)..]));
    }
}
