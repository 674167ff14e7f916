using System.Collections.Immutable;

namespace Pqs.Reference.Data.Images;

/// <summary>
/// Decodes image files whose size is known beforehand. What a file claims about itself costs no memory: another size is refused before decoding.
/// </summary>
internal static class ImageFile
{
    public static ImmutableArray<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".bmp", ".pgm", ".ppm"];

    /// <summary>Decodes any of the formats, which the first bytes tell apart.</summary>
    public static ImageOutcome Decode(ReadOnlySpan<byte> bytes, int width, int height) =>
        bytes.StartsWith(PngFile.Signature) ? PngFile.Decode(bytes, width, height)
        : bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]) ? JpegFile.Decode(bytes.ToArray(), width, height)
        : bytes.StartsWith("BM"u8) ? BmpFile.Decode(bytes, width, height)
        : bytes.StartsWith("P5"u8) || bytes.StartsWith("P6"u8) ? PnmFile.Decode(bytes, width, height)
        : ImageOutcome.Invalid("it is neither PNG, JPEG, BMP nor binary PGM or PPM");
}
