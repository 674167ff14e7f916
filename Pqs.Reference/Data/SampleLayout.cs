using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Reference.Data;

/// <summary>How the elements of an array become the samples of a model.</summary>
internal static class SampleLayout
{
    /// <summary>
    /// Brings an array's elements into the order of samples. The array has the shape of one sample or, in front of it, the number of samples in place of a
    /// batch of 1 or beside it. Dimensions of 1 may be missing; where array or model is flat, only the number of elements counts; and where an array of images
    /// fits in no other way, it may be N×C×H×W for a model that takes N×H×W×C, which a note tells.
    /// </summary>
    /// <returns>The elements; null when an error was reported.</returns>
    public static ReadOnlyMemory<byte>? Arrange(NumericArray array, Shape sample, string place, DiagnosticBag diagnostics)
    {
        var given = array.Shape.AsSpan();
        var wanted = sample.Dimensions.AsSpan();
        if (given.SequenceEqual(wanted)
            || (given.Length > 0 && given[1..].SequenceEqual(wanted))
            || (given.Length > 0 && wanted[0] == 1 && Fits(array.Shape[1..], sample.Dimensions[1..])))
        {
            return array.Bytes;
        }

        if (given.Length == 4 && wanted.Length == 4 && wanted[0] == 1 && (given[1], given[2], given[3]) == (wanted[3], wanted[1], wanted[2]))
        {
            diagnostics.Report(DiagnosticDescriptors.DataTransposed, place, array.ShapeText, $"({given[0]}, {string.Join(", ", sample.Dimensions.Skip(1))})");
            return ChannelsLast(array.Bytes.Span, given[1], given[2] * given[3], array.Type.Size());
        }

        diagnostics.Report(DiagnosticDescriptors.NpyShape, place, $"{array.ShapeText}, where one sample is ({string.Join(", ", sample.Dimensions)})");
        return null;
    }

    /// <summary>Whether the dimensions of a sample, without the number of samples, name the same elements in the same order.</summary>
    private static bool Fits(ImmutableArray<int> given, ImmutableArray<int> wanted) =>
        given.Where(dimension => dimension != 1).SequenceEqual(wanted.Where(dimension => dimension != 1))
        || (Math.Min(given.Length, wanted.Length) == 1 && NumericArray.CountOf(given) == NumericArray.CountOf(wanted));

    /// <summary>N×C×(H·W) to N×(H·W)×C, elements of <paramref name="size"/> bytes.</summary>
    private static byte[] ChannelsLast(ReadOnlySpan<byte> elements, int channels, int pixels, int size)
    {
        var moved = new byte[elements.Length];
        var sampleBytes = channels * pixels * size;
        for (var start = 0; start < elements.Length; start += sampleBytes)
        {
            for (var channel = 0; channel < channels; channel++)
            {
                for (var pixel = 0; pixel < pixels; pixel++)
                {
                    elements.Slice(start + (((channel * pixels) + pixel) * size), size).CopyTo(moved.AsSpan(start + (((pixel * channels) + channel) * size)));
                }
            }
        }

        return moved;
    }
}
