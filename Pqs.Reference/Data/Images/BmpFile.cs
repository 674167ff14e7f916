using System.Buffers.Binary;

namespace Pqs.Reference.Data.Images;

/// <summary>
/// Uncompressed Windows bitmaps of 8 bits with a palette, 24 bits, or 32 bits of which the last 8 mean nothing (BITMAPINFOHEADER and its successors).
/// </summary>
internal static class BmpFile
{
    private const int FileHeader = 14;
    private const int InfoHeader = 40;

    public static ImageOutcome Decode(ReadOnlySpan<byte> bytes, int expectedWidth, int expectedHeight)
    {
        if (bytes.Length < FileHeader + InfoHeader)
        {
            return ImageOutcome.Invalid("the header is cut short");
        }

        var info = bytes[FileHeader..];
        var infoSize = BinaryPrimitives.ReadUInt32LittleEndian(info);
        var (width, height) = (BinaryPrimitives.ReadInt32LittleEndian(info[4..]), BinaryPrimitives.ReadInt32LittleEndian(info[8..]));
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(info[14..]);
        if (infoSize < InfoHeader || infoSize > bytes.Length - FileHeader || height == int.MinValue)
        {
            return ImageOutcome.Invalid("the header is not readable");
        }

        // Rows are stored from the bottom, or from the top when the height is negative.
        if ((width, Math.Abs(height)) != (expectedWidth, expectedHeight))
        {
            return ImageOutcome.OfSize(width, Math.Abs(height));
        }

        if (bits is not (8 or 24 or 32) || BinaryPrimitives.ReadUInt32LittleEndian(info[16..]) != 0)
        {
            return ImageOutcome.Invalid("it is not uncompressed with 8, 24 or 32 bits for each pixel");
        }

        var start = BinaryPrimitives.ReadUInt32LittleEndian(bytes[10..]);
        var rowBytes = (((long)width * bits) + 31) / 32 * 4;
        if (start > bytes.Length || bytes.Length - start < rowBytes * expectedHeight)
        {
            return ImageOutcome.Invalid("the pixels are cut short");
        }

        var palette = bits == 8 ? Palette(bytes[(FileHeader + (int)infoSize)..], BinaryPrimitives.ReadUInt32LittleEndian(info[32..])) : default;
        var pixels = new byte[width * expectedHeight * 3];
        for (var y = 0; y < expectedHeight; y++)
        {
            var row = bytes.Slice((int)start + (int)(rowBytes * (height < 0 ? y : expectedHeight - 1 - y)), (int)rowBytes);
            for (var x = 0; x < width; x++)
            {
                var index = bits == 8 ? row[x] * 4 : x * bits / 8;
                var colors = bits == 8 ? palette : row;
                if (index + 3 > colors.Length)
                {
                    return ImageOutcome.Invalid("a pixel names a colour that the palette does not have");
                }

                var to = pixels.AsSpan(((y * width) + x) * 3);
                (to[0], to[1], to[2]) = (colors[index + 2], colors[index + 1], colors[index]);
            }
        }

        return new RasterImage(width, expectedHeight, 3, pixels);
    }

    /// <summary>Four bytes a colour: blue, green, red, nothing. As many as stated, or 256 where 0 are stated.</summary>
    private static ReadOnlySpan<byte> Palette(ReadOnlySpan<byte> rest, uint colors) =>
        rest[..Math.Min(rest.Length, 4 * (int)(colors is 0 or > 256 ? 256 : colors))];
}
