using System.Collections.Immutable;
using System.IO.Compression;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;

namespace Pqs.Reference.Data;

/// <summary>A file of samples or labels, read whole, with what its name says about it.</summary>
/// <param name="Place">The file in diagnostics.</param>
/// <param name="Extension">Lower case, with the dot; of the unpacked file.</param>
/// <param name="Bytes">The content, unpacked where the file is a .gz.</param>
/// <param name="Entry">The array of a .npz that the path names, as in <c>digits.npz:x</c>; else null.</param>
internal sealed record DataFile(string Place, string Extension, ReadOnlyMemory<byte> Bytes, string? Entry)
{
    private const string Npz = ".npz";
    private const string Gzip = ".gz";

    public bool IsNpz => Extension == Npz;

    /// <summary>False for what only its reader's other knowledge gives a shape: raw elements, or text.</summary>
    public bool HasShape => Extension is Npz or ".npy" || (Extension != DataSetLoader.Raw && IdxFile.Resembles(Bytes.Span));

    /// <returns>The file, or null when an error was reported.</returns>
    public static DataFile? Open(string path, DiagnosticBag diagnostics)
    {
        var colon = File.Exists(path) ? -1 : path.LastIndexOf(Npz + ":", StringComparison.OrdinalIgnoreCase);
        var (name, entry) = colon < 0 ? (path, null) : (path[..(colon + Npz.Length)], path[(colon + Npz.Length + 1)..]);
        if (FileReader.Read(name, DataSet.MaximumBytes, diagnostics) is not { } bytes)
        {
            return null;
        }

        var (place, extension) = (Path.GetFileName(name), Path.GetExtension(name).ToLowerInvariant());
        return extension != Gzip
            ? new DataFile(place, extension, bytes, entry)
            : Unpack(bytes, place, diagnostics) is { } unpacked
                ? new DataFile(place, Path.GetExtension(Path.GetFileNameWithoutExtension(name)).ToLowerInvariant(), unpacked, entry)
                : null;
    }

    /// <summary>The array in a file that has a shape.</summary>
    /// <param name="names">Of a .npz whose path names no array, the first of these that it has.</param>
    /// <returns>Null when an error was reported.</returns>
    public NumericArray? ReadArray(ImmutableArray<string> names, DiagnosticBag diagnostics)
    {
        if (IsNpz)
        {
            return NpzFile.Read(Bytes, Entry == null ? names : [Entry], Place, diagnostics);
        }

        var isNpy = Extension == ".npy";
        var (array, error) = isNpy ? NpyFile.Parse(Bytes) : IdxFile.Parse(Bytes);
        if (array == null)
        {
            diagnostics.Report(isNpy ? DiagnosticDescriptors.NpyInvalid : DiagnosticDescriptors.IdxInvalid, Place, error!);
        }

        return array;
    }

    private static ReadOnlyMemory<byte>? Unpack(byte[] bytes, string place, DiagnosticBag diagnostics)
    {
        try
        {
            using var stream = new GZipStream(new MemoryStream(bytes, writable: false), CompressionMode.Decompress);
            if (Unpacking.ReadToEnd(stream, DataSet.MaximumBytes) is { } unpacked)
            {
                return unpacked;
            }

            diagnostics.Report(DiagnosticDescriptors.DataTooLarge, place, "too many", DataSet.MaximumBytes);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            diagnostics.Report(DiagnosticDescriptors.GzipInvalid, place, exception.Message);
        }

        return null;
    }
}
