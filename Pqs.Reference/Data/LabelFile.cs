using System.Buffers.Text;
using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;

namespace Pqs.Reference.Data;

/// <summary>Reads labels, the number of the right class for each sample: .npy, .npz (y, labels or arr_1), IDX, these packed with gzip, or text.</summary>
public static class LabelFile
{
    /// <param name="path">A file. As text it has one integer in decimal a line.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="diagnostics">Receives what is wrong with the labels.</param>
    /// <returns>As many labels as samples, each at least 0; null when an error was reported.</returns>
    public static ImmutableArray<int>? Load(string path, int count, DiagnosticBag diagnostics) =>
        DataFile.Open(path, diagnostics) is not { } file ? null
        : !file.HasShape ? FromText(file.Bytes.Span, count, file.Place, diagnostics)
        : file.ReadArray(NpzFile.LabelNames, diagnostics) is { } array ? FromArray(array, count, file.Place, diagnostics)
        : null;

    internal static ImmutableArray<int>? FromArray(NumericArray array, int count, string place, DiagnosticBag diagnostics)
    {
        if (!array.Type.IsInteger() || array.Shape.Length == 0 || array.Shape[0] != array.Count)
        {
            diagnostics.Report(DiagnosticDescriptors.LabelsInvalid, place, $"the array has shape {array.ShapeText} and elements of type {array.Type}");
            return null;
        }

        if (!HasCount(array.Count, count, place, diagnostics))
        {
            return null;
        }

        var labels = ImmutableArray.CreateBuilder<int>(count);
        for (var i = 0; i < count; i++)
        {
            var label = array.IntegerAt(i);
            if (label is < 0 or > int.MaxValue)
            {
                diagnostics.Report(DiagnosticDescriptors.LabelsInvalid, place, $"sample {i} has {label}");
                return null;
            }

            labels.Add((int)label);
        }

        return labels.MoveToImmutable();
    }

    private static ImmutableArray<int>? FromText(ReadOnlySpan<byte> text, int count, string place, DiagnosticBag diagnostics)
    {
        var labels = ImmutableArray.CreateBuilder<int>();
        for (var line = 1; !text.Trim("\r\n \t"u8).IsEmpty; line++)
        {
            var end = text.IndexOf((byte)'\n');
            var number = (end < 0 ? text : text[..end]).Trim("\r \t"u8);
            text = end < 0 ? default : text[(end + 1)..];
            if (!Utf8Parser.TryParse(number, out int label, out var used) || used != number.Length || label < 0)
            {
                diagnostics.Report(DiagnosticDescriptors.LabelsInvalid, place, $"line {line} is no integer of at least 0");
                return null;
            }

            labels.Add(label);
        }

        return HasCount(labels.Count, count, place, diagnostics) ? labels.ToImmutable() : null;
    }

    private static bool HasCount(int labels, int samples, string place, DiagnosticBag diagnostics)
    {
        if (labels == samples)
        {
            return true;
        }

        diagnostics.Report(DiagnosticDescriptors.LabelCount, place, labels, samples);
        return false;
    }
}
