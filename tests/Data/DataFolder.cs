using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Data;

/// <summary>A folder of data files, written byte by byte and read back as users do.</summary>
internal sealed class DataFolder : IDisposable
{
    private int _said;

    public string Path { get; } = Directory.CreateTempSubdirectory("pqs-test-").FullName;

    public DiagnosticBag Diagnostics { get; } = new();

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), bytes);
        return At(name);
    }

    public DataSet? Load(string name, params int[] shape) => DataSetLoader.Load(At(name), new Shape(shape), Diagnostics);

    public DataSet? Load(string name, byte[] bytes, params int[] shape)
    {
        Write(name, bytes);
        return Load(name, shape);
    }

    public ImmutableArray<int>? Labels(string name, byte[] bytes, int count) => LabelFile.Load(Write(name, bytes), count, Diagnostics);

    /// <summary>What was reported since the last time this was asked.</summary>
    public string Said()
    {
        var lines = Diagnostics.Lines()[_said..];
        _said += lines.Length;
        return string.Join('\n', lines);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    public static byte[] Npy(string type, int[] shape, byte[] elements)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")}), }}\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, (byte)(header.Length >> 8), .. Encoding.Latin1.GetBytes(header), .. elements];
    }

    public static byte[] Bytes<T>(params T[] elements)
        where T : unmanaged => [.. MemoryMarshal.AsBytes(elements.AsSpan())];

    /// <summary>0, 1, 2 and so on.</summary>
    public static byte[] Count(int number) => [.. Enumerable.Range(0, number).Select(i => (byte)i)];

    public static byte[] Npz(params (string Name, byte[] Content)[] entries) => Npz(CompressionLevel.Optimal, entries);

    public static byte[] Npz(CompressionLevel level, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name + ".npy", level).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    /// <summary>The elements are in the file's order: big-endian.</summary>
    public static byte[] Idx(byte type, int[] shape, byte[] elements)
    {
        var dimensions = new byte[4 * shape.Length];
        foreach (var (axis, dimension) in shape.Index())
        {
            BinaryPrimitives.WriteInt32BigEndian(dimensions.AsSpan(4 * axis), dimension);
        }

        return [0, 0, type, (byte)shape.Length, .. dimensions, .. elements];
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return stream.ToArray();
    }
}
