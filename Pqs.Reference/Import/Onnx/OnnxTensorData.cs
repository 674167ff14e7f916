using System.Runtime.InteropServices;
using Pqs.Reference.Onnx;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx;

/// <summary>Reads the elements of a tensor's message, from raw little-endian bytes or from the list of numbers that the type uses instead.</summary>
internal static class OnnxTensorData
{
    /// <summary>Bytes that the message holds, and bytes that its shape needs; of a list of numbers, as if its elements were raw.</summary>
    public static (long Held, long Needed) Length(TensorProto proto, int bits, long count)
    {
        var needed = ((count * bits) + 7) / 8;
        if (proto.HasRawData())
        {
            return (proto.RawData.Length, needed);
        }

        var held = proto.DataType switch
        {
            ElementType.Float => proto.FloatData.Count,
            ElementType.Double => proto.DoubleData.Count,
            ElementType.Int64 => proto.Int64Data.Count,
            ElementType.Uint64 or ElementType.Uint32 => proto.Uint64Data.Count,
            _ => proto.Int32Data.Count,
        };

        // Two elements of four bits are one byte, and that is one number of the list.
        return (held * (Math.Max(bits, 8) / 8L), needed);
    }

    /// <summary>The elements of a type of real numbers.</summary>
    public static float[] Floats(TensorProto proto, int count)
    {
        var raw = proto.RawData.Span;
        var elements = new float[count];
        switch (proto.DataType)
        {
            case ElementType.Float when proto.HasRawData():
                MemoryMarshal.Cast<byte, float>(raw).CopyTo(elements);
                break;
            case ElementType.Float:
                proto.FloatData.CopyTo(elements, 0);
                break;
            case ElementType.Double:
                for (var i = 0; i < count; i++)
                {
                    elements[i] = (float)(proto.HasRawData() ? MemoryMarshal.Cast<byte, double>(raw)[i] : proto.DoubleData[i]);
                }

                break;
            default:
                for (var i = 0; i < count; i++)
                {
                    var bits = proto.HasRawData() ? MemoryMarshal.Cast<byte, ushort>(raw)[i] : (ushort)proto.Int32Data[i];
                    elements[i] = proto.DataType == ElementType.Float16
                        ? (float)BitConverter.UInt16BitsToHalf(bits)
                        : BitConverter.Int32BitsToSingle(bits << 16);
                }

                break;
        }

        return elements;
    }

    /// <summary>The elements of a type of integers; those of uint64 beyond the range of long are cut to it.</summary>
    public static long[] Integers(TensorProto proto, int count)
    {
        var elements = new long[count];
        for (var i = 0; i < count; i++)
        {
            elements[i] = Integer(proto, i);
        }

        return elements;
    }

    /// <summary>One element of a type of integers.</summary>
    public static long Integer(TensorProto proto, int i) => proto.HasRawData() ? Raw(proto.DataType, proto.RawData.Span, i) : Listed(proto, i);

    private static long Raw(ElementType type, ReadOnlySpan<byte> raw, int i) => type switch
    {
        ElementType.Int4 or ElementType.Uint4 => Nibble(type, raw[i / 2], i),
        ElementType.Int8 => (sbyte)raw[i],
        ElementType.Uint8 or ElementType.Bool => raw[i],
        ElementType.Int16 => MemoryMarshal.Cast<byte, short>(raw)[i],
        ElementType.Uint16 => MemoryMarshal.Cast<byte, ushort>(raw)[i],
        ElementType.Int32 => MemoryMarshal.Cast<byte, int>(raw)[i],
        ElementType.Uint32 => MemoryMarshal.Cast<byte, uint>(raw)[i],
        ElementType.Int64 => MemoryMarshal.Cast<byte, long>(raw)[i],
        _ => (long)Math.Min(MemoryMarshal.Cast<byte, ulong>(raw)[i], long.MaxValue),
    };

    /// <summary>An element of a list; numbers outside the element's type are taken modulo its size, as a cast would.</summary>
    private static long Listed(TensorProto proto, int i) => proto.DataType switch
    {
        ElementType.Int4 or ElementType.Uint4 => Nibble(proto.DataType, (byte)proto.Int32Data[i / 2], i),
        ElementType.Int8 => (sbyte)proto.Int32Data[i],
        ElementType.Uint8 or ElementType.Bool => (byte)proto.Int32Data[i],
        ElementType.Int16 => (short)proto.Int32Data[i],
        ElementType.Uint16 => (ushort)proto.Int32Data[i],
        ElementType.Int32 => proto.Int32Data[i],
        ElementType.Uint32 => (uint)proto.Uint64Data[i],
        ElementType.Int64 => proto.Int64Data[i],
        _ => (long)Math.Min(proto.Uint64Data[i], long.MaxValue),
    };

    /// <summary>Two elements in one byte, the first in the low half.</summary>
    private static long Nibble(ElementType type, byte pair, int i)
    {
        var nibble = i % 2 == 0 ? pair & 0xF : pair >> 4;
        return type == ElementType.Int4 ? (nibble ^ 8) - 8 : nibble;
    }

    /// <summary>An empty tensor needs neither form; proto3 does not tell an empty field from a missing one.</summary>
    private static bool HasRawData(this TensorProto proto) => proto.RawData is { IsEmpty: false };
}
