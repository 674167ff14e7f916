using System.Collections.Immutable;
using System.Globalization;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Model;

namespace Pqs.Reference.Data.Images;

/// <summary>
/// Reads a folder of images: images beside each other, without labels, or in one subfolder for each class. Where all subfolders are called by a number, it is
/// the label; else labels count them in ordinal order of their names, from 0. Images follow in ordinal order of their names. Other files are passed over, and
/// so is what has a name that begins with a dot.
/// </summary>
internal static class ImageFolder
{
    private const long MaximumFileBytes = 64L << 20;

    /// <returns>Samples of bytes without sign; null when an error was reported.</returns>
    public static DataSet? Load(string path, Shape sample, DiagnosticBag diagnostics)
    {
        var place = Path.GetFileName(Path.TrimEndingDirectorySeparator(path));
        var channels = sample.Rank == 4 ? sample[3] : 1;
        if (sample.Rank is not (3 or 4) || sample[0] != 1 || channels is not (1 or 3))
        {
            diagnostics.Report(DiagnosticDescriptors.ImagesNeedShape, place, sample);
            return null;
        }

        if (List(path, place, diagnostics) is not { } images)
        {
            return null;
        }

        if ((long)images.Length * sample.ElementCount > DataSet.MaximumBytes)
        {
            diagnostics.Report(DiagnosticDescriptors.DataTooLarge, place, (long)images.Length * sample.ElementCount, DataSet.MaximumBytes);
            return null;
        }

        var elements = new byte[images.Length * sample.ElementCount];
        foreach (var (index, image) in images.Index())
        {
            if (Decode(Path.Combine(path, image.Name), $"{place}/{image.Name}", sample[2], sample[1], channels, diagnostics) is not { } pixels)
            {
                return null;
            }

            pixels.CopyTo(elements, index * sample.ElementCount);
        }

        return new DataSet(sample, ElementType.UInt8, elements, images[0].Label == null ? null : [.. images.Select(image => image.Label!.Value)]);
    }

    private static byte[]? Decode(string path, string place, int width, int height, int channels, DiagnosticBag diagnostics)
    {
        if (FileReader.Read(path, MaximumFileBytes, diagnostics) is not { } bytes)
        {
            return null;
        }

        var (image, error, size) = ImageFile.Decode(bytes, width, height);
        if (image == null)
        {
            if (size is { } other)
            {
                diagnostics.Report(DiagnosticDescriptors.ImageSize, place, other.Width, other.Height, width, height);
            }
            else
            {
                diagnostics.Report(DiagnosticDescriptors.ImageInvalid, place, error!);
            }

            return null;
        }

        var (pixels, lost) = image.WithChannels(channels);
        if (pixels == null)
        {
            diagnostics.Report(DiagnosticDescriptors.ImageChannels, place, lost!, channels);
        }

        return pixels;
    }

    /// <summary>The images and their labels, at least one; null when an error was reported.</summary>
    private static ImmutableArray<(string Name, int? Label)>? List(string path, string place, DiagnosticBag diagnostics)
    {
        try
        {
            var loose = Names(path);
            var classes = Directory.EnumerateDirectories(path).Select(folder => Path.GetFileName(folder)!)
                .Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal).ToImmutableArray();
            var isNumbered = classes.All(name => Number(name) != null);
            var inClasses = classes.Index().SelectMany(pair =>
                Names(Path.Combine(path, pair.Item)).Select(image => ($"{pair.Item}/{image}", isNumbered ? Number(pair.Item) : pair.Index))).ToImmutableArray();
            if (loose.Length > 0 == inClasses.Length > 0)
            {
                diagnostics.Report(DiagnosticDescriptors.ImagesMissing, place, loose.Length > 0 ? "both in the folder and in its subfolders" : "none");
                return null;
            }

            return loose.Length > 0 ? [.. loose.Select(name => (name, (int?)null))] : inClasses;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.FileNotReadable, place, exception.Message);
            return null;
        }
    }

    private static ImmutableArray<string> Names(string folder) =>
    [
        .. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!)
            .Where(name => !name.StartsWith('.') && ImageFile.Extensions.Contains(Path.GetExtension(name).ToLowerInvariant()))
            .Order(StringComparer.Ordinal),
    ];

    private static int? Number(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
