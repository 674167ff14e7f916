using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Pqs.Reference.Data;

/// <summary>An array from a data file.</summary>
/// <param name="Shape">Dimensions, outermost first, each at least 0; none for a single element.</param>
/// <param name="Type">Type of each element.</param>
/// <param name="Bytes">The elements, the last index fastest, little-endian; exactly as many as the shape says.</param>
public sealed record NumericArray(ImmutableArray<int> Shape, ElementType Type, ReadOnlyMemory<byte> Bytes)
{
    public int Count => Bytes.Length / Type.Size();

    /// <summary>Dimensions as Python writes them, cut after as many as any tensor has.</summary>
    public string ShapeText
    {
        get
        {
            const int Shown = Model.Shape.MaximumRank + 2;
            return $"({string.Join(", ", Shape.Take(Shown))}{(Shape.Length > Shown ? ", ..." : "")})";
        }
    }

    /// <summary>The number of elements of a shape; long.MaxValue where it is larger than that.</summary>
    public static long CountOf(ImmutableArray<int> shape) =>
        (long)shape.Aggregate((Int128)1, (product, dimension) => Int128.Min(product * dimension, long.MaxValue));

    /// <summary>An element as a real number: the nearest float, which is infinite for a double beyond its range.</summary>
    public float RealAt(int index)
    {
        var bytes = Bytes.Span[(index * Type.Size())..];
        return Type switch
        {
            ElementType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            ElementType.Float64 => (float)BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            _ => IntegerAt(index),
        };
    }

    /// <summary>An element of an array of integers.</summary>
    public long IntegerAt(int index)
    {
        var bytes = Bytes.Span[(index * Type.Size())..];
        return Type switch
        {
            ElementType.UInt8 => bytes[0],
            ElementType.Int8 => (sbyte)bytes[0],
            ElementType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            ElementType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            ElementType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(bytes),
            _ => throw new InvalidOperationException($"{Type} is no type of integers"),
        };
    }
}
