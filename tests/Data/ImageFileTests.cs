using System.Buffers.Binary;
using System.IO.Compression;
using NUnit.Framework;
using Pqs.Reference.Data.Images;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Data;

/// <summary>Decoding of images. Those in base 64 were written by Pillow 9.4, and what JPEGs hold was read back by it.</summary>
internal sealed class ImageFileTests
{
    private const string GreyPng = "iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFCAAAAACs8akEAAAAHElEQVR4nGNkUFVVVVVVZYyG0tugtCCEZoGKAwB0IAXcdQKXfwAAAABJRU5ErkJggg==";
    private const string ColourPng = "iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFCAIAAAAG+GGPAAAAK0lEQVR4nGNk+M+gejsfDbFELxVUvY2OkEXzVW8LQrhQUTQdmCbkq94WBADv0yhDSixhUgAAAABJRU5ErkJggg==";
    private const string GreyAlphaPng = "iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFCAQAAAAjkz5TAAAAHElEQVR4nGNk+K/KgIAs0QzIXMZtKLKMgvgUAwBtIgjcvAos/gAAAABJRU5ErkJggg==";
    private const string PalettePng = "iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFAgMAAAD09B5LAAAADFBMVEXAwMCAgIBAQEAAAADNnKgoAAAAF0lEQVR4nGP4FcAwxYbBfwnDTweGKT8AKXAF0yl+XmIAAAAASUVORK5CYII=";
    private const string BitsPng = "iVBORw0KGgoAAAANSUhEUgAAAAcAAAAFAQAAAACh4ct1AAAAEklEQVR4nGPgY8piOMQgxxQEAAf4Aa9EFXlCAAAAAElFTkSuQmCC";
    private const string Bmp = "Qk2uAAAAAAAAADYAAAAoAAAABwAAAAUAAAABABgAAAAAAHgAAADEDgAAxA4AAAAAAAAAAAAARJNss26RIkm2kSTbAP8Ab9ol3rVKAAAAM+4Rosk2EaRbgH+A71qlXjXKzRDvAAAAIkm2kSTbAP8Ab9ol3rVKTZBvvGuUAAAAEaRbgH+A71qlXjXKzRDvPOsUq8Y5AAAAAP8Ab9ol3rVKTZBvvGuUK0a5miHeAAAA";
    private const string GreyJpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAGAAkBAREA/8QAHwAAAQUBAQEBAQEAAAAAAAAAAAECAwQFBgcICQoL/8QAtRAAAgEDAwIEAwUFBAQAAAF9AQIDAAQRBRIhMUEGE1FhByJxFDKBkaEII0KxwRVS0fAkM2JyggkKFhcYGRolJicoKSo0NTY3ODk6Q0RFRkdISUpTVFVWV1hZWmNkZWZnaGlqc3R1dnd4eXqDhIWGh4iJipKTlJWWl5iZmqKjpKWmp6ipqrKztLW2t7i5usLDxMXGx8jJytLT1NXW19jZ2uHi4+Tl5ufo6erx8vP09fb3+Pn6/9oACAEBAAA/APL/AIbfA3Tv3XMfbtXsH/CjdO9Y/wAq/9k=";
    private const string ProgressiveJpeg = "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wgARCAAGAAkDAREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAwT/xAAVAQEBAAAAAAAAAAAAAAAAAAAGBP/aAAwDAQACEAMQAAABU+fhoWf/xAAYEAACAwAAAAAAAAAAAAAAAAAAAQMEFP/aAAgBAQABBQKWwzQz/8QAGBEAAwEBAAAAAAAAAAAAAAAAAAMFFSH/2gAIAQMBAT8BnRV8MVZ//8QAGBEAAgMAAAAAAAAAAAAAAAAAAAECAxP/2gAIAQIBAT8BhWjNH//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEABj8CP//EABQQAQAAAAAAAAAAAAAAAAAAABD/2gAIAQEAAT8hAf/aAAwDAQACAAMAAAAQW//EABYRAQEBAAAAAAAAAAAAAAAAAABRcf/aAAgBAwEBPxCEzf/EABQRAQAAAAAAAAAAAAAAAAAAABD/2gAIAQIBAT8QFf/EABgQAAIDAAAAAAAAAAAAAAAAAAAhMXGR/9oACAEBAAE/EH5L9P/Z";

    private static readonly byte[] Grey = [.. from y in Enumerable.Range(0, 5) from x in Enumerable.Range(0, 7) select (byte)((37 * x) + (91 * y))];
    private static readonly byte[] Colour = [.. Grey.SelectMany(value => new[] { value, (byte)(255 - value), (byte)(value * 3) })];

    private static IEnumerable<TestCaseData> Exact =>
    [
        new("grey PNG", GreyPng, 1, Grey),
        new("colour PNG", ColourPng, 3, Colour),
        new("PNG of grey and alpha", GreyAlphaPng, 2, Grey.SelectMany(value => new byte[] { value, 255 }).ToArray()),
        new("PNG of 2 bits with a palette", PalettePng, 3, Grey.SelectMany(value => Enumerable.Repeat((byte)(value >> 6 << 6), 3)).ToArray()),
        new("PNG of 1 bit", BitsPng, 1, Grey.Select(value => value > 127 ? (byte)255 : (byte)0).ToArray()),
        new("BMP of 24 bits", Bmp, 3, Colour),
    ];

    [TestCaseSource(nameof(Exact))]
    public void Pixels_are_those_that_were_written(string name, string file, int channels, byte[] pixels)
    {
        var image = ImageFile.Decode(Convert.FromBase64String(file), 7, 5).Image!;
        Assert.That((image.Width, image.Height, image.Channels), Is.EqualTo((7, 5, channels)), name);
        Assert.That(image.Pixels, Is.EqualTo(pixels), name);
    }

    [Test]
    public void A_grey_jpeg_is_decoded()
    {
        byte[] first = [20, 29, 36, 43, 53, 60, 68, 76, 84];
        byte[] last = [98, 107, 115, 122, 131, 139, 146, 155, 163];
        var image = ImageFile.Decode(Convert.FromBase64String(GreyJpeg), 9, 6).Image!;
        Assert.That((image.Channels, image.Pixels[..9], image.Pixels[^9..]), Is.EqualTo((1, first, last)));
    }

    [Test]
    public void A_progressive_jpeg_in_colour_is_decoded()
    {
        byte[] first = [19, 235, 90, 27, 228, 90, 38, 219, 90];
        byte[] last = [147, 109, 90, 155, 101, 89, 162, 92, 90];
        var image = ImageFile.Decode(Convert.FromBase64String(ProgressiveJpeg), 9, 6).Image!;
        Assert.That((image.Channels, image.Pixels[..9], image.Pixels[^9..]), Is.EqualTo((3, first, last)));
    }

    /// <summary>A small file whose scans, each decoded for the whole image, would take long.</summary>
    [Test]
    public void A_jpeg_of_very_many_scans_is_refused()
    {
        var file = Convert.FromBase64String(ProgressiveJpeg);
        var lastScan = file.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]);
        var scan = file[lastScan..^2];
        byte[] many = [.. file[..^2], .. Enumerable.Repeat(scan, 5_000).SelectMany(bytes => bytes), 0xFF, 0xD9];
        Assert.That(ImageFile.Decode(many, 9, 6).Error, Does.StartWith("the JPEG decoder says: "));
    }

    [Test]
    public void Pnm_is_read_with_comments()
    {
        Assert.That(ImageFile.Decode([.. "P5 #a\n#b\n7\t5 255\n"u8, .. Grey], 7, 5).Image!.Pixels, Is.EqualTo(Grey));
        Assert.That(ImageFile.Decode([.. "P6\n7 5\n255\n"u8, .. Colour], 7, 5).Image!.Pixels, Is.EqualTo(Colour));
        Assert.That(ImageFile.Decode([.. "P6\n7 5\n255\n"u8, .. Grey], 7, 5).Error, Is.EqualTo("the number of pixels is not what the header says"));
        Assert.That(ImageFile.Decode("P5\n7 5\n65535\n"u8, 7, 5).Error, Is.EqualTo("the largest value is 65535, not 255"));
        Assert.That(ImageFile.Decode("P5\n7 #"u8, 7, 5).Error, Is.EqualTo("the header is not readable"));
        Assert.That(ImageFile.Decode("P5\n999999999 999999999 255\n"u8, 7, 5).OtherSize, Is.EqualTo((999999999, 999999999)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_bmp_of_8_bits_has_a_palette(bool fromTop)
    {
        byte[] palette = [3, 2, 1, 0, 6, 5, 4, 0];
        byte[] rows = [1, 9, 9, 9, 0, 9, 9, 9];
        byte[] file =
        [
            .. "BM"u8, .. new byte[8], 62, 0, 0, 0,
            40, 0, 0, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(fromTop ? -2 : 2), 1, 0, 8, 0, .. new byte[16], 2, 0, 0, 0, 0, 0, 0, 0,
            .. palette, .. rows,
        ];
        Assert.That(ImageFile.Decode(file, 1, 2).Image!.Pixels, Is.EqualTo(fromTop ? new byte[] { 4, 5, 6, 1, 2, 3 } : [1, 2, 3, 4, 5, 6]));
        file[62] = 2;
        Assert.That(ImageFile.Decode(file, 1, 2).Error, Is.EqualTo("a pixel names a colour that the palette does not have"));
        file[28] = 4;
        Assert.That(ImageFile.Decode(file, 1, 2).Error, Is.EqualTo("it is not uncompressed with 8, 24 or 32 bits for each pixel"));
    }

    /// <summary>Every filter, against what it is defined to undo.</summary>
    [Test]
    public void Filters_of_png_are_undone([Range(0, 4)] int filter)
    {
        var rows = new byte[5 * 22];
        for (var y = 0; y < 5; y++)
        {
            rows[y * 22] = (byte)filter;
            for (var i = 0; i < 21; i++)
            {
                int At(int row, int index) => row < 0 || index < 0 ? 0 : Colour[(row * 21) + index];
                var (left, above, corner) = (At(y, i - 3), At(y - 1, i), At(y - 1, i - 3));
                var nearest = new[] { left, above, corner }.MinBy(value => Math.Abs(left + above - corner - value));
                int[] predictions = [0, left, above, (left + above) / 2, nearest];
                rows[(y * 22) + 1 + i] = (byte)(At(y, i) - predictions[filter]);
            }
        }

        Assert.That(ImageFile.Decode(Png(7, 5, 8, 2, rows), 7, 5).Image!.Pixels, Is.EqualTo(Colour));
    }

    [Test]
    public void What_png_allows_and_is_not_read_is_told()
    {
        Assert.That(ImageFile.Decode(Png(7, 5, 16, 0, new byte[75]), 7, 5).Error, Is.EqualTo("it is interlaced, or has more than 8 bits for each channel"));
        Assert.That(ImageFile.Decode(Png(7, 5, 8, 0, new byte[39]), 7, 5).Error, Is.EqualTo("the pixels are damaged"), "too few");
        Assert.That(ImageFile.Decode(Png(7, 5, 8, 0, new byte[41]), 7, 5).Error, Is.EqualTo("the pixels are damaged"), "too many");
        Assert.That(ImageFile.Decode(Png(7, 5, 8, 0, [5, .. new byte[39]]), 7, 5).Error, Is.EqualTo("the pixels are damaged"), "no such filter");
        Assert.That(ImageFile.Decode(Png(7, 5, 8, 3, new byte[40]), 7, 5).Error, Is.EqualTo("a pixel names a colour that the palette does not have"));
        Assert.That(ImageFile.Decode(Png(70000, 70000, 8, 0, []), 7, 5).OtherSize, Is.EqualTo((70000, 70000)));
        Assert.That(ImageFile.Decode("GIF89a"u8, 7, 5).Error, Is.EqualTo("it is neither PNG, JPEG, BMP nor binary PGM or PPM"));
    }

    [Test]
    public void Damage_is_survived()
    {
        string[] written = [GreyPng, ColourPng, GreyAlphaPng, PalettePng, BitsPng, Bmp, GreyJpeg, ProgressiveJpeg];
        byte[][] files = [.. written.Select(Convert.FromBase64String), [.. "P5 7 5 255\n"u8, .. Grey]];
        for (var number = 0u; number < (Property.IsLong ? 1_000_000 : 20_000); number++)
        {
            var dice = new Dice(new CsCheck.PCG(8, number));
            var bytes = (byte[])files[number % files.Length].Clone();
            for (var count = dice.Between(1, 4); count > 0; count--)
            {
                bytes[dice.Between(0, bytes.Length - 1)] = (byte)dice.SByte();
            }

            if (dice.Chance(50) && bytes.AsSpan().StartsWith(PngFile.Signature))
            {
                RepairChecksums(bytes);
            }

            var (width, height) = number % files.Length is 6 or 7 ? (9, 6) : (7, 5);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var outcome = ImageFile.Decode(bytes.AsSpan(0, dice.Chance(20) ? dice.Between(0, bytes.Length) : bytes.Length), width, height);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var outcomes = (outcome.Image == null ? 0 : 1) + (outcome.Error == null ? 0 : 1) + (outcome.OtherSize == null ? 0 : 1);
            if (outcomes != 1 || allocated > 4 << 20)
            {
                Assert.Fail($"Damage {number}: {outcome}, {allocated} bytes");
            }
        }
    }

    private static byte[] Png(int width, int height, byte depth, byte color, byte[] rows)
    {
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            stream.Write(rows);
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (depth, color);
        return [.. PngFile.Signature, .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] chunk = [0, 0, 0, 0, .. type, .. data, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        RepairChecksum(chunk, 0, data.Length);
        return chunk;
    }

    private static void RepairChecksums(byte[] file)
    {
        for (var start = PngFile.Signature.Length; start + 12 <= file.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(start));
            if (length > file.Length - start - 12)
            {
                return;
            }

            RepairChecksum(file, start, (int)length);
            start += 12 + (int)length;
        }
    }

    private static void RepairChecksum(byte[] file, int start, int length)
    {
        var crc = Convert.ToUInt32(Crc32.Hex(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, sbyte>(file.AsSpan(start + 4, length + 4))), 16);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(start + 8 + length), crc);
    }
}
