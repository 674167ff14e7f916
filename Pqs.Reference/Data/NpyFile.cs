using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Pqs.Reference.Diagnostics;

namespace Pqs.Reference.Data;

/// <summary>
/// NumPy's .npy format, versions 1 to 3 (NumPy Enhancement Proposal 1): a magic string, a header that is a Python dictionary, the elements.
/// </summary>
public static partial class NpyFile
{
    private const int Alignment = 64;

    /// <summary>NumPy reads no longer headers either, unless told to.</summary>
    private const int MaximumHeader = 10_000;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <returns>The array, whose elements are part of <paramref name="file"/>, or what is wrong with the bytes.</returns>
    public static (NumericArray? Array, string? Error) Parse(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < 10 || !bytes.StartsWith(Magic))
        {
            return (null, "the magic string is missing");
        }

        var lengthBytes = bytes[6] == 1 ? 2 : 4;
        if (bytes[6] is < 1 or > 3 || bytes.Length < 8 + lengthBytes)
        {
            return (null, "the format version is unknown");
        }

        var headerLength = lengthBytes == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        var start = 8 + lengthBytes;
        if (headerLength > bytes.Length - start)
        {
            return (null, "the header is cut short");
        }

        if (headerLength > MaximumHeader)
        {
            return (null, $"the header is longer than {MaximumHeader} bytes");
        }

        var header = Encoding.Latin1.GetString(bytes.Slice(start, (int)headerLength));
        return Parse(header, file[(start + (int)headerLength)..]);
    }

    /// <summary>The file of an int8 array.</summary>
    public static byte[] ToBytes(ImmutableArray<int> shape, ReadOnlySpan<sbyte> elements)
    {
        var dimensions = string.Join(", ", shape.Select(d => d.ToString(CultureInfo.InvariantCulture))) + (shape.Length == 1 ? "," : "");
        var header = $"{{'descr': '|i1', 'fortran_order': False, 'shape': ({dimensions}), }}";
        var padded = (10 + header.Length + 1 + Alignment - 1) / Alignment * Alignment - 10;
        var bytes = new byte[10 + padded + elements.Length];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)padded);
        Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + "\n", bytes.AsSpan(10));
        MemoryMarshal.AsBytes(elements).CopyTo(bytes.AsSpan(10 + padded));
        return bytes;
    }

    private static (NumericArray? Array, string? Error) Parse(string header, ReadOnlyMemory<byte> elements)
    {
        var name = TypeField().Match(header);
        if (!name.Success)
        {
            return (null, "the header gives no element type");
        }

        if (ParseType(name.Groups[1].Value) is not { } type)
        {
            return (null, $"the element type {Printable.Name(name.Groups[1].Value)} is none of i1, u1, <i2, <i4, <i8, <f4, <f8");
        }

        if (!OrderField().IsMatch(header))
        {
            return (null, "the array is not in C order");
        }

        if (ParseShape(ShapeField().Match(header)) is not { } shape)
        {
            return (null, "the header gives no shape");
        }

        return (Int128)NumericArray.CountOf(shape) * type.Size() == elements.Length
            ? (new NumericArray(shape, type, elements), null)
            : (null, "the number of elements is not what the shape says");
    }

    /// <summary>NumPy's name of a type. The byte order of types of one byte plays no part; '=' is the writer's own, which a file does not tell.</summary>
    private static ElementType? ParseType(string name) => name switch
    {
        "|i1" or "i1" or "<i1" or ">i1" or "=i1" => ElementType.Int8,
        "|u1" or "u1" or "<u1" or ">u1" or "=u1" => ElementType.UInt8,
        "<i2" => ElementType.Int16,
        "<i4" => ElementType.Int32,
        "<i8" => ElementType.Int64,
        "<f4" => ElementType.Float32,
        "<f8" => ElementType.Float64,
        _ => null,
    };

    private static ImmutableArray<int>? ParseShape(Match match)
    {
        if (!match.Success)
        {
            return null;
        }

        var shape = ImmutableArray.CreateBuilder<int>();
        foreach (var part in match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var dimension))
            {
                return null;
            }

            shape.Add(dimension);
        }

        return shape.ToImmutable();
    }

    [GeneratedRegex("'descr'\\s*:\\s*'([^']*)'", RegexOptions.CultureInvariant)]
    private static partial Regex TypeField();

    [GeneratedRegex("'fortran_order'\\s*:\\s*False", RegexOptions.CultureInvariant)]
    private static partial Regex OrderField();

    [GeneratedRegex("'shape'\\s*:\\s*\\(([^)]*)\\)", RegexOptions.CultureInvariant)]
    private static partial Regex ShapeField();
}
