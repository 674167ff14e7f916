using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.InteropServices;
using Pqs.Reference.Diagnostics;

namespace Pqs.Reference.Data;

/// <summary>NumPy's .npz format: a zip file of .npy files, each named after its array.</summary>
internal static class NpzFile
{
    private const string Extension = ".npy";
    private const int ShownNames = 12;

    /// <summary>Names that an array of samples has, the likeliest first.</summary>
    public static ImmutableArray<string> SampleNames { get; } = ["x", "images", "inputs", "arr_0"];

    /// <summary>Names that an array of labels has.</summary>
    public static ImmutableArray<string> LabelNames { get; } = ["y", "labels", "arr_1"];

    /// <summary>The first of the names that the file has; null, without a word, when it has none or is no zip file.</summary>
    public static string? Find(ReadOnlyMemory<byte> file, ImmutableArray<string> names)
    {
        try
        {
            using var archive = Open(file);
            return names.FirstOrDefault(name => archive.GetEntry(name + Extension) != null);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <returns>The first array that has one of the names; null when an error was reported.</returns>
    public static NumericArray? Read(ReadOnlyMemory<byte> file, ImmutableArray<string> names, string place, DiagnosticBag diagnostics)
    {
        try
        {
            using var archive = Open(file);
            if (names.Select(name => archive.GetEntry(name + Extension)).FirstOrDefault(entry => entry != null) is { } found)
            {
                return Read(found, place, diagnostics);
            }

            var present = archive.Entries.Select(entry => Path.ChangeExtension(entry.FullName, null)).Order(StringComparer.Ordinal);
            diagnostics.Report(
                DiagnosticDescriptors.NpzArrayMissing,
                place,
                string.Join(", ", names),
                archive.Entries.Count == 0
                    ? "none"
                    : string.Join(", ", present.Take(ShownNames).Select(Printable.Name)) + (archive.Entries.Count > ShownNames ? ", ..." : ""));
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or NotSupportedException)
        {
            diagnostics.Report(DiagnosticDescriptors.NpzInvalid, place, exception.Message);
        }

        return null;
    }

    private static ZipArchive Open(ReadOnlyMemory<byte> file)
    {
        // What is read here is a whole array of bytes, from a file or an unpacked one.
        var whole = MemoryMarshal.TryGetArray(file, out var segment) ? segment : file.ToArray();
        return new ZipArchive(new MemoryStream(whole.Array!, whole.Offset, whole.Count, writable: false), ZipArchiveMode.Read);
    }

    private static NumericArray? Read(ZipArchiveEntry entry, string place, DiagnosticBag diagnostics)
    {
        if (entry.Length > DataSet.MaximumBytes)
        {
            diagnostics.Report(DiagnosticDescriptors.DataTooLarge, place, entry.Length, DataSet.MaximumBytes);
            return null;
        }

        using var stream = entry.Open();
        if (Unpacking.ReadToEnd(stream, (int)entry.Length) is not { } bytes || bytes.Length != entry.Length || Crc32.Compute(bytes.Span) != entry.Crc32)
        {
            diagnostics.Report(DiagnosticDescriptors.NpzInvalid, place, $"{Printable.Name(entry.FullName)} is not what the file's directory says");
            return null;
        }

        var (array, error) = NpyFile.Parse(bytes);
        if (array == null)
        {
            diagnostics.Report(DiagnosticDescriptors.NpyInvalid, $"{place}: {Printable.Name(entry.FullName)}", error!);
        }

        return array;
    }
}
