using System.Buffers.Binary;

namespace Pqs.Reference.Data.Images;

/// <summary>
/// PNG (W3C, Portable Network Graphics Specification) without interlacing, of at most 8 bits for each channel. Every checksum is checked, and exactly the
/// bytes that the image needs are unpacked.
/// </summary>
internal static class PngFile
{
    private const byte Grey = 0;
    private const byte Palette = 3;

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    public static ImageOutcome Decode(ReadOnlySpan<byte> bytes, int expectedWidth, int expectedHeight)
    {
        var chunks = new PngChunks(bytes[Signature.Length..]);
        if (!chunks.MoveNext() || !chunks.Type.SequenceEqual("IHDR"u8) || chunks.Data.Length != 13)
        {
            return ImageOutcome.Invalid("the header is missing or damaged");
        }

        var header = chunks.Data;
        var (width, height) = (BinaryPrimitives.ReadUInt32BigEndian(header), BinaryPrimitives.ReadUInt32BigEndian(header[4..]));
        if (width != expectedWidth || height != expectedHeight)
        {
            return ImageOutcome.OfSize((int)Math.Min(width, int.MaxValue), (int)Math.Min(height, int.MaxValue));
        }

        var (depth, color) = (header[8], header[9]);
        var channels = (color, depth) switch
        {
            (Grey or Palette, 1 or 2 or 4 or 8) => 1,
            (2, 8) => 3,
            (4, 8) => 2,
            (6, 8) => 4,
            _ => 0,
        };
        if (channels == 0 || header[10] != 0 || header[11] != 0 || header[12] != 0)
        {
            return ImageOutcome.Invalid("it is interlaced, or has more than 8 bits for each channel");
        }

        var packed = new MemoryStream();
        ReadOnlySpan<byte> palette = default;
        ReadOnlySpan<byte> alphas = default;
        while (chunks.MoveNext() && !chunks.Type.SequenceEqual("IEND"u8))
        {
            if (chunks.Type.SequenceEqual("IDAT"u8))
            {
                packed.Write(chunks.Data);
            }
            else if (chunks.Type.SequenceEqual("PLTE"u8))
            {
                palette = chunks.Data;
            }
            else if (chunks.Type.SequenceEqual("tRNS"u8))
            {
                alphas = chunks.Data;
            }
            else if (char.IsAsciiLetterUpper((char)chunks.Type[0]))
            {
                return ImageOutcome.Invalid("it has a part of an unknown kind that is needed to decode it");
            }
        }

        if (!chunks.IsWhole)
        {
            return ImageOutcome.Invalid("it is cut short, or a checksum is wrong");
        }

        if (color != Palette && !alphas.IsEmpty)
        {
            return ImageOutcome.Invalid("it makes one of its colours transparent");
        }

        packed.Position = 0;
        return PngRows.Read(packed, expectedWidth, expectedHeight, channels * depth) is not { } rows
            ? ImageOutcome.Invalid("the pixels are damaged")
            : color == Palette ? Colours(rows, expectedWidth, expectedHeight, depth, palette, alphas)
            : depth == 8 ? new RasterImage(expectedWidth, expectedHeight, channels, rows)
            : new RasterImage(expectedWidth, expectedHeight, 1, Samples(rows, expectedWidth, expectedHeight, depth, byte.MaxValue / ((1 << depth) - 1)));
    }

    private static ImageOutcome Colours(byte[] rows, int width, int height, int depth, ReadOnlySpan<byte> palette, ReadOnlySpan<byte> alphas)
    {
        var channels = alphas.IsEmpty ? 3 : 4;
        var indices = Samples(rows, width, height, depth, 1);
        var pixels = new byte[indices.Length * channels];
        for (var pixel = 0; pixel < indices.Length; pixel++)
        {
            var index = indices[pixel];
            if ((index * 3) + 3 > palette.Length)
            {
                return ImageOutcome.Invalid("a pixel names a colour that the palette does not have");
            }

            palette.Slice(index * 3, 3).CopyTo(pixels.AsSpan(pixel * channels));
            if (channels == 4)
            {
                pixels[(pixel * 4) + 3] = index < alphas.Length ? alphas[index] : byte.MaxValue;
            }
        }

        return new RasterImage(width, height, channels, pixels);
    }

    /// <summary>One byte for each sample of <paramref name="depth"/> bits, the high bits of a byte first, times a factor.</summary>
    private static byte[] Samples(byte[] rows, int width, int height, int depth, int factor)
    {
        var rowBytes = rows.Length / height;
        var samples = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var bit = x * depth;
                var value = (rows[(y * rowBytes) + (bit / 8)] >> (8 - depth - (bit % 8))) & ((1 << depth) - 1);
                samples[(y * width) + x] = (byte)(value * factor);
            }
        }

        return samples;
    }
}
