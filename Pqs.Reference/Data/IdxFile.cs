using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Pqs.Reference.Data;

/// <summary>
/// The IDX format of the MNIST database (http://yann.lecun.com/exdb/mnist, "the IDX file format"): two zero bytes, a byte for the element type, a byte for the
/// rank, the dimensions as 32-bit integers, the elements; everything big-endian.
/// </summary>
public static class IdxFile
{
    private const int MaximumRank = 4;

    /// <summary>True when bytes begin as an IDX file does, in which case nothing else that is read here fits them.</summary>
    public static bool Resembles(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 && bytes[0] == 0 && bytes[1] == 0 && ParseType(bytes[2]) != null;

    /// <returns>The array, or what is wrong with the bytes.</returns>
    public static (NumericArray? Array, string? Error) Parse(ReadOnlyMemory<byte> file)
    {
        var bytes = file.Span;
        if (bytes.Length < 4 || bytes[0] != 0 || bytes[1] != 0)
        {
            return (null, "the magic number is missing");
        }

        if (ParseType(bytes[2]) is not { } type)
        {
            return (null, $"the element type {bytes[2]} is unknown");
        }

        if (bytes[3] is < 1 or > MaximumRank)
        {
            return (null, $"the rank {bytes[3]} is not 1 to {MaximumRank}");
        }

        var start = 4 + (4 * bytes[3]);
        if (bytes.Length < start)
        {
            return (null, "the header is cut short");
        }

        var shape = ImmutableArray.CreateBuilder<int>(bytes[3]);
        for (var at = 4; at < start; at += 4)
        {
            shape.Add(BinaryPrimitives.ReadInt32BigEndian(bytes[at..]));
            if (shape[^1] < 0)
            {
                return (null, $"a dimension is {shape[^1]}");
            }
        }

        var dimensions = shape.MoveToImmutable();
        return (Int128)NumericArray.CountOf(dimensions) * type.Size() == bytes.Length - start
            ? (new NumericArray(dimensions, type, LittleEndian(file[start..], type.Size())), null)
            : (null, "the number of elements is not what the dimensions say");
    }

    private static ElementType? ParseType(byte code) => code switch
    {
        0x08 => ElementType.UInt8,
        0x09 => ElementType.Int8,
        0x0B => ElementType.Int16,
        0x0C => ElementType.Int32,
        0x0D => ElementType.Float32,
        0x0E => ElementType.Float64,
        _ => null,
    };

    private static ReadOnlyMemory<byte> LittleEndian(ReadOnlyMemory<byte> elements, int size)
    {
        if (size == 1)
        {
            return elements;
        }

        var swapped = elements.ToArray();
        switch (size)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, short>(swapped.AsSpan());
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, int>(swapped.AsSpan());
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            default:
                var longs = MemoryMarshal.Cast<byte, long>(swapped.AsSpan());
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }

        return swapped;
    }
}
