using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Toolchain;

/// <summary>A little-endian ELF file of either class: its sections and symbols.</summary>
/// <param name="Machine">Its e_machine: 40 for Arm.</param>
/// <param name="Sections">In the file's order; the first is empty.</param>
/// <param name="Symbols">In the file's order; empty when the file is stripped.</param>
/// <param name="Data">The whole file.</param>
public sealed record ElfFile(
    ushort Machine, ImmutableArray<ElfSection> Sections, ImmutableArray<ElfSymbol> Symbols, ReadOnlyMemory<byte> Data)
{
    /// <summary>Larger files are refused.</summary>
    private const long MaximumLength = 256 << 20;

    /// <summary>e_machine of Arm, whose function addresses have a Thumb bit.</summary>
    public const ushort Arm = 40;

    public static ElfFile? Read(string path, DiagnosticBag diagnostics)
    {
        try
        {
            if (new FileInfo(path).Length > MaximumLength)
            {
                diagnostics.Report(DiagnosticDescriptors.ElfMalformed, Path.GetFileName(path), "it is larger than 256 MiB");
                return null;
            }

            return Parse(File.ReadAllBytes(path), Path.GetFileName(path), diagnostics);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.ElfMalformed, Path.GetFileName(path), exception.Message);
            return null;
        }
    }

    public static ElfFile? Parse(ReadOnlyMemory<byte> data, string place, DiagnosticBag diagnostics) =>
        ElfReader.Read(data, place, diagnostics);

    /// <summary>The function that holds an address, with or without its Thumb bit; null where none does.</summary>
    public ElfSymbol? FunctionAt(ulong address)
    {
        var even = Machine == Arm ? address & ~1UL : address;
        return Symbols.FirstOrDefault(s => s.Kind == ElfSymbolKind.Function && even >= s.Address && even - s.Address < s.Size);
    }

    /// <summary>The contents of a stretch of a section; empty when it reaches outside or the section has none in the file.</summary>
    public ReadOnlyMemory<byte> Contents(int section, ulong address, ulong size)
    {
        if (section < 0 || section >= Sections.Length || Sections[section] is not { HasContents: true } holder || address < holder.Address)
        {
            return default;
        }

        // The reader has checked that the section lies within the file.
        var start = address - holder.Address;
        return start > holder.Size || size > holder.Size - start ? default : Data.Slice((int)(holder.Offset + start), (int)size);
    }
}
