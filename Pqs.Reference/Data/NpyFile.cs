using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Pqs.Reference.Data;

/// <summary>
/// An int8 array in NumPy's .npy format, versions 1 to 3 (NumPy Enhancement Proposal 1): a magic string, a header that is a Python dictionary, the elements.
/// </summary>
public sealed partial record NpyFile(ImmutableArray<int> Shape, sbyte[] Elements)
{
    private const int Alignment = 64;

    /// <summary>NumPy reads no longer headers either, unless told to.</summary>
    private const int MaximumHeader = 10_000;

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <returns>The array, or what is wrong with the bytes.</returns>
    public static (NpyFile? File, string? Error) Parse(ReadOnlySpan<byte> bytes)
    {
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
        var elements = bytes[(start + (int)headerLength)..];
        var type = TypeField().Match(header);
        if (!type.Success || type.Groups[1].Value is not ("|i1" or "i1" or "<i1" or ">i1" or "=i1"))
        {
            return (null, type.Success ? "the element type is not int8" : "the header gives no element type");
        }

        if (!OrderField().IsMatch(header))
        {
            return (null, "the array is not in C order");
        }

        if (ParseShape(ShapeField().Match(header)) is not { } shape)
        {
            return (null, "the header gives no shape");
        }

        return shape.Aggregate((Int128)1, (product, dimension) => Int128.Min(product * dimension, long.MaxValue)) == elements.Length
            ? (new NpyFile(shape, [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, sbyte>(elements)]), null)
            : (null, "the number of elements is not what the shape says");
    }

    public byte[] ToBytes()
    {
        var dimensions = string.Join(", ", Shape.Select(d => d.ToString(CultureInfo.InvariantCulture))) + (Shape.Length == 1 ? "," : "");
        var header = $"{{'descr': '|i1', 'fortran_order': False, 'shape': ({dimensions}), }}";
        var padded = (10 + header.Length + 1 + Alignment - 1) / Alignment * Alignment - 10;
        var bytes = new byte[10 + padded + Elements.Length];
        Magic.CopyTo(bytes);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)padded);
        Encoding.ASCII.GetBytes(header.PadRight(padded - 1) + "\n", bytes.AsSpan(10));
        System.Runtime.InteropServices.MemoryMarshal.AsBytes<sbyte>(Elements).CopyTo(bytes.AsSpan(10 + padded));
        return bytes;
    }

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
