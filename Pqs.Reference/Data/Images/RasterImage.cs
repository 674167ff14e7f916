namespace Pqs.Reference.Data.Images;

/// <summary>A decoded image, rows from the top.</summary>
/// <param name="Channels">1 grey, 2 grey and alpha, 3 red, green and blue, 4 those and alpha.</param>
/// <param name="Pixels">Width·height·channels bytes, the channel fastest.</param>
internal sealed record RasterImage(int Width, int Height, int Channels, byte[] Pixels)
{
    /// <summary>
    /// The pixels with 1 or 3 channels, where nothing is lost: from grey to colour, from colours that are all grey, without an alpha that is all opaque.
    /// </summary>
    /// <returns>The pixels, or what stands against it.</returns>
    public (byte[]? Pixels, string? Error) WithChannels(int wanted)
    {
        if (Channels == wanted)
        {
            return (Pixels, null);
        }

        var converted = new byte[Width * Height * wanted];
        for (var pixel = 0; pixel < Width * Height; pixel++)
        {
            var from = Pixels.AsSpan(pixel * Channels, Channels);
            if (Channels is 2 or 4 && from[^1] != byte.MaxValue)
            {
                return (null, "transparent pixels");
            }

            var (red, green, blue) = Channels < 3 ? (from[0], from[0], from[0]) : (from[0], from[1], from[2]);
            if (wanted == 1 && (red != green || green != blue))
            {
                return (null, "colours");
            }

            converted[pixel * wanted] = red;
            if (wanted == 3)
            {
                (converted[(pixel * 3) + 1], converted[(pixel * 3) + 2]) = (green, blue);
            }
        }

        return (converted, null);
    }
}

/// <summary>What came of decoding: an image, or why there is none.</summary>
/// <param name="OtherSize">Width and height, where they are not the expected ones; nothing is decoded then.</param>
internal readonly record struct ImageOutcome(RasterImage? Image, string? Error, (int Width, int Height)? OtherSize)
{
    public static implicit operator ImageOutcome(RasterImage image) => new(image, null, null);

    public static ImageOutcome Invalid(string error) => new(null, error, null);

    public static ImageOutcome OfSize(int width, int height) => new(null, null, (width, height));
}
