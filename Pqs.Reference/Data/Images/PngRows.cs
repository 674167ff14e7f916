using System.IO.Compression;

namespace Pqs.Reference.Data.Images;

/// <summary>The rows of a PNG image: unpacked, and without the filters that made them pack well.</summary>
internal static class PngRows
{
    /// <param name="bits">Bits of a pixel.</param>
    /// <returns>Rows of whole bytes; null when the packed data is damaged or holds more or less.</returns>
    public static byte[]? Read(Stream packed, int width, int height, int bits)
    {
        var rowBytes = ((width * bits) + 7) / 8;
        var step = Math.Max(1, bits / 8);
        var rows = new byte[rowBytes * height];
        var above = new byte[rowBytes];
        try
        {
            using var stream = new ZLibStream(packed, CompressionMode.Decompress);
            for (var y = 0; y < height; y++)
            {
                var filter = stream.ReadByte();
                var row = rows.AsSpan(y * rowBytes, rowBytes);
                stream.ReadExactly(row);
                if (filter is < 0 or > 4)
                {
                    return null;
                }

                Unfilter(filter, row, above, step);
                row.CopyTo(above);
            }

            return stream.ReadByte() < 0 ? rows : null;
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            return null;
        }
    }

    /// <summary>Adds to each byte its prediction from the bytes to the left, above, and above to the left.</summary>
    private static void Unfilter(int filter, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (var i = 0; i < row.Length; i++)
        {
            var (left, corner) = i < step ? ((byte)0, (byte)0) : (row[i - step], above[i - step]);
            row[i] += filter switch
            {
                1 => left,
                2 => above[i],
                3 => (byte)((left + above[i]) / 2),
                4 => Paeth(left, above[i], corner),
                _ => 0,
            };
        }
    }

    private static byte Paeth(byte left, byte above, byte corner)
    {
        var estimate = left + above - corner;
        var (toLeft, toAbove, toCorner) = (Math.Abs(estimate - left), Math.Abs(estimate - above), Math.Abs(estimate - corner));
        return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner;
    }
}
