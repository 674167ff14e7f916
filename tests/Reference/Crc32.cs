namespace Pqs.Tests.Reference;

/// <summary>The CRC-32 of zlib and PNG: polynomial 0xEDB88320, reflected.</summary>
internal static class Crc32
{
    public static string Hex(ReadOnlySpan<sbyte> elements)
    {
        var crc = uint.MaxValue;
        foreach (var element in elements)
        {
            crc ^= (byte)element;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB88320);
            }
        }

        return (~crc).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
    }
}
