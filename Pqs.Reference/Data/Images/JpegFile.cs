using BitMiracle.LibJpeg.Classic;

namespace Pqs.Reference.Data.Images;

/// <summary>
/// JPEG, decoded by LibJpeg.NET, which is the Independent JPEG Group's library in managed code: grey or colour, baseline or progressive. Its exact inverse
/// transform is used, so that pixels are the same everywhere.
/// </summary>
internal static class JpegFile
{
    /// <summary>Encoders make about ten; each costs time, and a file can hold very many.</summary>
    private const int MaximumScans = 100;

    public static ImageOutcome Decode(byte[] bytes, int expectedWidth, int expectedHeight)
    {
        try
        {
            var decoder = new jpeg_decompress_struct(new StrictErrors());
            decoder.jpeg_stdio_src(new MemoryStream(bytes, writable: false));
            decoder.jpeg_read_header(true);
            if ((decoder.Image_width, decoder.Image_height) != (expectedWidth, expectedHeight))
            {
                return ImageOutcome.OfSize(decoder.Image_width, decoder.Image_height);
            }

            decoder.Progress = new jpeg_progress_mgr();
            decoder.Progress.OnProgress += (_, _) =>
            {
                if (decoder.Input_scan_number > MaximumScans)
                {
                    throw new InvalidDataException($"it has more than {MaximumScans} scans");
                }
            };
            decoder.Dct_method = J_DCT_METHOD.JDCT_ISLOW;
            decoder.jpeg_start_decompress();
            if (decoder.Output_components is not (1 or 3))
            {
                return ImageOutcome.Invalid($"it has {decoder.Output_components} channels");
            }

            var rowBytes = expectedWidth * decoder.Output_components;
            var pixels = new byte[rowBytes * expectedHeight];
            byte[][] row = [new byte[rowBytes]];
            for (var y = 0; y < expectedHeight; y++)
            {
                decoder.jpeg_read_scanlines(row, 1);
                row[0].CopyTo(pixels, y * rowBytes);
            }

            decoder.jpeg_finish_decompress();
            return new RasterImage(expectedWidth, expectedHeight, decoder.Output_components, pixels);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The library has no exception type of its own, and damaged files also lead it beyond the ends of its arrays.
            return ImageOutcome.Invalid($"the JPEG decoder says: {exception.Message}");
        }
    }

    /// <summary>The library goes on after damage that it can pass over, with made-up pixels; here that is an error too.</summary>
    private sealed class StrictErrors : jpeg_error_mgr
    {
        private const int Warning = -1;

        public override void emit_message(int msg_level)
        {
            if (msg_level == Warning)
            {
                error_exit();
            }
        }

        public override void output_message()
        {
            // error_exit throws with the message; nothing is printed.
        }
    }
}
