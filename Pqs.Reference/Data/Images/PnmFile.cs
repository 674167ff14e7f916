namespace Pqs.Reference.Data.Images;

/// <summary>
/// Binary PGM (P5) and PPM (P6) of 8 bits (netpbm's pgm(5) and ppm(5)): a header of decimal numbers, white space and comments; one white space; the pixels.
/// </summary>
internal static class PnmFile
{
    public static ImageOutcome Decode(ReadOnlySpan<byte> bytes, int expectedWidth, int expectedHeight)
    {
        var channels = bytes[1] == '5' ? 1 : 3;
        var position = 2;
        var (width, height, maximum) = (ReadNumber(bytes, ref position), ReadNumber(bytes, ref position), ReadNumber(bytes, ref position));
        if (width is not { } w || height is not { } h || maximum == null)
        {
            return ImageOutcome.Invalid("the header is not readable");
        }

        if ((w, h) != (expectedWidth, expectedHeight))
        {
            return ImageOutcome.OfSize(w, h);
        }

        if (maximum != byte.MaxValue)
        {
            return ImageOutcome.Invalid($"the largest value is {maximum}, not {byte.MaxValue}");
        }

        // One white space ends the header.
        return bytes.Length - (position + 1) == (long)w * h * channels
            ? new RasterImage(w, h, channels, bytes[(position + 1)..].ToArray())
            : ImageOutcome.Invalid("the number of pixels is not what the header says");
    }

    private static int? ReadNumber(ReadOnlySpan<byte> bytes, ref int position)
    {
        for (; position < bytes.Length && (char.IsWhiteSpace((char)bytes[position]) || bytes[position] == '#'); position++)
        {
            if (bytes[position] == '#')
            {
                var end = bytes[position..].IndexOf((byte)'\n');
                position = end < 0 ? bytes.Length - 1 : position + end;
            }
        }

        var start = position;
        var number = 0;
        for (; position < bytes.Length && char.IsAsciiDigit((char)bytes[position]) && position - start < 9; position++)
        {
            number = (number * 10) + bytes[position] - '0';
        }

        return position == start ? null : number;
    }
}
