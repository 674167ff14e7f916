using System.Runtime.InteropServices;
using Pqs.Reference.Data.Images;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Reference.Data;

/// <summary>
/// Reads data sets: .npy, .npz (an array named x, images, inputs or arr_0, or the one that the path names, as in <c>digits.npz:x</c>), IDX, these packed
/// with gzip, .bin (raw elements), and folders of images.
/// </summary>
public static class DataSetLoader
{
    /// <summary>The extension of raw elements.</summary>
    internal const string Raw = ".bin";

    /// <param name="path">A file or a folder.</param>
    /// <param name="sample">Shape of the model's input, its batch in front.</param>
    /// <param name="diagnostics">Receives what is wrong with the data.</param>
    /// <param name="rawType">What the elements of a .bin file are: UInt8, Int8 or Float32 (little-endian).</param>
    /// <returns>At least one sample, with labels where the data has them; null when an error was reported.</returns>
    public static DataSet? Load(string path, Shape sample, DiagnosticBag diagnostics, ElementType rawType = ElementType.Float32)
    {
        if (Directory.Exists(path))
        {
            return ImageFolder.Load(path, sample, diagnostics);
        }

        if (DataFile.Open(path, diagnostics) is not { } file)
        {
            return null;
        }

        if (file.Extension == Raw)
        {
            return OfElements(file.Bytes, rawType, sample, file.Place, diagnostics);
        }

        if (!file.HasShape)
        {
            diagnostics.Report(DiagnosticDescriptors.DataFormat, file.Place);
            return null;
        }

        return file.ReadArray(NpzFile.SampleNames, diagnostics) is { } array
            && SampleLayout.Arrange(array, sample, file.Place, diagnostics) is { } elements
            && OfElements(elements, array.Type, sample, file.Place, diagnostics) is { } data
                ? WithLabels(data, file, diagnostics)
                : null;
    }

    /// <summary>Cuts elements into samples; types that a data set does not keep become floats.</summary>
    private static DataSet? OfElements(ReadOnlyMemory<byte> elements, ElementType type, Shape sample, string place, DiagnosticBag diagnostics)
    {
        var size = sample.ElementCount;
        var count = elements.Length / type.Size();
        if (elements.Length == 0 || elements.Length % ((long)size * type.Size()) != 0)
        {
            diagnostics.Report(DiagnosticDescriptors.SampleSize, place, (double)elements.Length / type.Size(), $"{size} ({sample})");
            return null;
        }

        if (type is ElementType.UInt8 or ElementType.Int8)
        {
            return new DataSet(sample, type, elements);
        }

        if ((long)count * sizeof(float) > DataSet.MaximumBytes)
        {
            diagnostics.Report(DiagnosticDescriptors.DataTooLarge, place, (long)count * sizeof(float), DataSet.MaximumBytes);
            return null;
        }

        return AllFinite(elements, type, size, place, diagnostics) is { } floats ? new DataSet(sample, ElementType.Float32, floats) : null;
    }

    private static ReadOnlyMemory<byte>? AllFinite(ReadOnlyMemory<byte> elements, ElementType type, int sampleSize, string place, DiagnosticBag diagnostics)
    {
        var array = new NumericArray([elements.Length / type.Size()], type, elements);
        var bytes = new byte[array.Count * sizeof(float)];
        var floats = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        for (var i = 0; i < floats.Length; i++)
        {
            floats[i] = array.RealAt(i);
            if (!float.IsFinite(floats[i]))
            {
                var (sample, element) = Math.DivRem(i, sampleSize);
                diagnostics.Report(DiagnosticDescriptors.SampleNotFinite, place, sample, float.IsNaN(floats[i]) ? "NaN" : "an infinite value", element);
                return null;
            }
        }

        return bytes;
    }

    /// <summary>Adds the labels that a .npz keeps beside the samples. A path that names the array of samples asks for nothing else.</summary>
    private static DataSet? WithLabels(DataSet data, DataFile file, DiagnosticBag diagnostics) =>
        !file.IsNpz || file.Entry != null || NpzFile.Find(file.Bytes, NpzFile.LabelNames) is not { } name
            ? data
            : NpzFile.Read(file.Bytes, [name], file.Place, diagnostics) is { } array
                && LabelFile.FromArray(array, data.Count, $"{file.Place}:{name}", diagnostics) is { } labels
                    ? data with { Labels = labels }
                    : null;
}
