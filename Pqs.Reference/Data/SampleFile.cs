using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Model;

namespace Pqs.Reference.Data;

/// <summary>Reads a model's input samples: .npy of the input's shape, with the number of samples in front or not, or .bin, raw int8.</summary>
public static class SampleFile
{
    private const long MaximumBytes = 1L << 30;

    /// <returns>The samples, each <see cref="Graph.InputBytes"/> long and at least one; null when an error was reported.</returns>
    public static ImmutableArray<sbyte[]>? Read(string path, Graph graph, DiagnosticBag diagnostics)
    {
        var place = Path.GetFileName(path);
        if (FileReader.Read(path, MaximumBytes, diagnostics) is not { } bytes)
        {
            return null;
        }

        switch (Path.GetExtension(path).ToLowerInvariant())
        {
            case ".bin":
                return Split(MemoryMarshal.Cast<byte, sbyte>(bytes), graph, place, diagnostics);
            case ".npy":
                return ReadNpy(bytes, graph, place, diagnostics);
            default:
                diagnostics.Report(DiagnosticDescriptors.SampleFormat, place);
                return null;
        }
    }

    private static ImmutableArray<sbyte[]>? ReadNpy(byte[] bytes, Graph graph, string place, DiagnosticBag diagnostics)
    {
        if (graph.Inputs.Length != 1)
        {
            diagnostics.Report(DiagnosticDescriptors.NpyManyInputs, place, graph.Inputs.Length);
            return null;
        }

        var (file, error) = NpyFile.Parse(bytes);
        if (file == null)
        {
            diagnostics.Report(DiagnosticDescriptors.NpyInvalid, place, error!);
            return null;
        }

        // A model's own batch of 1 may stand for the number of samples.
        var shape = graph.Tensors[graph.Inputs[0]].Shape.Dimensions;
        var isSample = file.Shape.AsSpan().SequenceEqual(shape.AsSpan());
        var isMany = file.Shape.Length > 0
            && (file.Shape.AsSpan()[1..].SequenceEqual(shape.AsSpan()) || (shape[0] == 1 && file.Shape.AsSpan()[1..].SequenceEqual(shape.AsSpan()[1..])));
        if (!isSample && !isMany)
        {
            var dimensions = $"({string.Join(", ", file.Shape.Take(Shape.MaximumRank + 2))})";
            diagnostics.Report(
                DiagnosticDescriptors.NpyShape, place, $"{dimensions}, where one sample is ({string.Join(", ", shape)})");
            return null;
        }

        return Split(file.Elements, graph, place, diagnostics);
    }

    private static ImmutableArray<sbyte[]>? Split(ReadOnlySpan<sbyte> elements, Graph graph, string place, DiagnosticBag diagnostics)
    {
        var size = graph.InputBytes;
        if (elements.Length == 0 || elements.Length % size != 0)
        {
            var inputs = string.Join(" + ", graph.Inputs.Select(id => graph.Tensors[id].Shape));
            diagnostics.Report(DiagnosticDescriptors.SampleSize, place, elements.Length, $"{size} ({inputs})");
            return null;
        }

        var samples = ImmutableArray.CreateBuilder<sbyte[]>(elements.Length / size);
        for (var start = 0; start < elements.Length; start += size)
        {
            samples.Add(elements.Slice(start, size).ToArray());
        }

        return samples.MoveToImmutable();
    }
}
