using System.Buffers.Binary;

namespace Pqs.Reference.Data.Images;

/// <summary>Walks the chunks of a PNG file: length, type, data and a CRC-32 of type and data each, IEND the last.</summary>
internal ref struct PngChunks(ReadOnlySpan<byte> bytes)
{
    /// <summary>Bytes of length, type and checksum.</summary>
    private const int Overhead = 12;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Four letters.</summary>
    public ReadOnlySpan<byte> Type { get; private set; }

    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>Whether the last chunk that was reached is the end of the file's image.</summary>
    public readonly bool IsWhole => Type.SequenceEqual("IEND"u8);

    /// <summary>False after the last chunk, and where one is cut short or its checksum is wrong.</summary>
    public bool MoveNext()
    {
        if (_rest.Length < Overhead || BinaryPrimitives.ReadUInt32BigEndian(_rest) is var length && length > _rest.Length - Overhead)
        {
            return false;
        }

        var checkedPart = _rest.Slice(4, 4 + (int)length);
        if (Crc32.Compute(checkedPart) != BinaryPrimitives.ReadUInt32BigEndian(_rest[(8 + (int)length)..]))
        {
            return false;
        }

        Type = checkedPart[..4];
        Data = checkedPart[4..];
        _rest = _rest[(Overhead + (int)length)..];
        return true;
    }
}
