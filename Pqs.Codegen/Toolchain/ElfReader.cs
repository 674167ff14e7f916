using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Toolchain;

/// <summary>Reads the tables of an ELF file. Every offset and count is checked against the file before it is used.</summary>
internal static class ElfReader
{
    private const uint SymbolTable = 2;

    /// <summary>Longer names are cut, so that many symbols that share one long name cannot fill the memory.</summary>
    private const int MaximumName = 1024;

    public static ElfFile? Read(ReadOnlyMemory<byte> data, string place, DiagnosticBag diagnostics)
    {
        var problem = TryRead(data, out var file);
        if (problem is not null)
        {
            diagnostics.Report(DiagnosticDescriptors.ElfMalformed, place, problem);
        }

        return file;
    }

    /// <summary>What is wrong, or null.</summary>
    private static string? TryRead(ReadOnlyMemory<byte> data, out ElfFile? file)
    {
        file = null;
        var bytes = data.Span;
        if (bytes.Length < 20 || !bytes.StartsWith("\u007fELF"u8))
        {
            return "it does not begin like one";
        }

        if (bytes[4] is not (1 or 2) || bytes[5] != 1)
        {
            return "its class or byte order is another";
        }

        var layout = bytes[4] == 2 ? ElfLayout.Class64 : ElfLayout.Class32;
        if (bytes.Length < layout.HeaderSize)
        {
            return "its header is cut";
        }

        var tableOffset = layout.Word(bytes, layout.SectionTableOffset);
        var entrySize = Half(bytes, layout.SectionCount - 2);
        var count = Half(bytes, layout.SectionCount);
        var namesIndex = Half(bytes, layout.SectionCount + 2);
        if (count == 0)
        {
            return "it has no sections";
        }

        if (entrySize != layout.SectionSize || !Fits(bytes, tableOffset, (ulong)entrySize * count) || namesIndex >= count)
        {
            return "its section table lies outside the file";
        }

        var table = bytes.Slice((int)tableOffset, entrySize * count);
        var sections = new ElfSection[count];
        for (var i = 0; i < count; i++)
        {
            sections[i] = layout.Section(table.Slice(i * entrySize, entrySize));
            if (sections[i].HasContents && !Fits(bytes, sections[i].Offset, sections[i].Size))
            {
                return FormattableString.Invariant($"section {i} lies outside the file");
            }
        }

        var names = sections[namesIndex].HasContents ? Slice(bytes, sections[namesIndex]) : default;
        for (var i = 0; i < count; i++)
        {
            sections[i] = sections[i] with { Name = Name(names, BinaryPrimitives.ReadUInt32LittleEndian(table[(i * entrySize)..])) };
        }

        var symbols = ImmutableArray.CreateBuilder<ElfSymbol>();
        var isArm = Half(bytes, 18) == ElfFile.Arm;
        if (sections.FirstOrDefault(s => s.Type == SymbolTable) is { } section)
        {
            if (section.Link >= count || !sections[section.Link].HasContents)
            {
                return "its symbols have no names";
            }

            var entries = Slice(bytes, section);
            var texts = Slice(bytes, sections[section.Link]);
            for (; entries.Length >= layout.SymbolSize; entries = entries[layout.SymbolSize..])
            {
                symbols.Add(layout.Symbol(entries, Name(texts, BinaryPrimitives.ReadUInt32LittleEndian(entries)), isArm));
            }
        }

        file = new ElfFile(Half(bytes, 18), [.. sections], symbols.ToImmutable(), data);
        return null;
    }

    private static ushort Half(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static bool Fits(ReadOnlySpan<byte> bytes, ulong offset, ulong size) =>
        offset <= (ulong)bytes.Length && size <= (ulong)bytes.Length - offset;

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, ElfSection section) =>
        bytes.Slice((int)section.Offset, (int)section.Size);

    /// <summary>The text at an offset of a string table; empty when the offset is outside.</summary>
    private static string Name(ReadOnlySpan<byte> table, uint offset)
    {
        if (offset >= table.Length)
        {
            return "";
        }

        var rest = table[(int)offset..];
        var end = rest[..Math.Min(rest.Length, MaximumName)].IndexOf((byte)0);
        return Encoding.UTF8.GetString(rest[..(end < 0 ? Math.Min(rest.Length, MaximumName) : end)]);
    }
}
