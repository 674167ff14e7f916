using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Reference.Data;

/// <summary>Inputs of a quantized model.</summary>
/// <param name="Samples">Each <see cref="Graph.InputBytes"/> long; at least one.</param>
/// <param name="Labels">One for each sample, at least 0; null where there are none.</param>
public sealed record SampleSet(ImmutableArray<sbyte[]> Samples, ImmutableArray<int>? Labels);

/// <summary>
/// Reads a quantized model's inputs: any data set of <see cref="DataSetLoader"/>, in which int8 elements, those of .bin files too, are quantized already.
/// A model with several inputs takes only .bin, all inputs of a sample one after another.
/// </summary>
public static class SampleFile
{
    /// <summary>All samples, scaled as usual; null when an error was reported.</summary>
    public static ImmutableArray<sbyte[]>? Read(string path, Graph graph, DiagnosticBag diagnostics) =>
        Load(path, graph, InputScaling.Usual, null, int.MaxValue, diagnostics)?.Samples;

    /// <param name="path">A file or a folder.</param>
    /// <param name="scaling">What the stored values stand for.</param>
    /// <param name="labels">A file of labels, which take the place of those of the data set; or null.</param>
    /// <param name="maximum">More samples than this, at least 1, are left out.</param>
    /// <returns>Null when an error was reported.</returns>
    public static SampleSet? Load(string path, Graph graph, InputScaling scaling, string? labels, int maximum, DiagnosticBag diagnostics)
    {
        var isRaw = Path.GetExtension(path).Equals(DataSetLoader.Raw, StringComparison.OrdinalIgnoreCase);
        if (graph.Inputs.Length != 1 && !isRaw)
        {
            diagnostics.Report(DiagnosticDescriptors.NpyManyInputs, Path.GetFileName(path), graph.Inputs.Length);
            return null;
        }

        var shape = graph.Inputs.Length == 1 ? graph.Tensors[graph.Inputs[0]].Shape : new Shape(1, graph.InputBytes);
        if (DataSetLoader.Load(path, shape, diagnostics, ElementType.Int8) is not { } data)
        {
            return null;
        }

        if (labels != null)
        {
            if (LabelFile.Load(labels, data.Count, diagnostics) is not { } loaded)
            {
                return null;
            }

            data = data with { Labels = loaded };
        }

        var taken = data.Take(0, maximum);
        var samples = graph.Inputs.Length == 1
            ? SampleQuantizer.Quantize(taken, graph, scaling)
            : [.. Enumerable.Range(0, taken.Count).Select(index => MemoryMarshal.Cast<byte, sbyte>(taken.Stored(index)).ToArray())];
        return AreInRange(samples, graph, path, diagnostics) ? new SampleSet(samples, taken.Labels) : null;
    }

    /// <summary>Whether samples keep to what is declared of the inputs; if not, the first that does not is reported.</summary>
    private static bool AreInRange(ImmutableArray<sbyte[]> samples, Graph graph, string path, DiagnosticBag diagnostics)
    {
        var start = 0;
        foreach (var tensor in graph.Inputs.Select(input => graph.Tensors[input]))
        {
            var (range, end) = (tensor.DeclaredRange, start + tensor.Shape.ElementCount);
            foreach (var (index, sample) in samples.Index())
            {
                for (var i = start; i < end; i++)
                {
                    if (!range.Contains(sample[i]))
                    {
                        diagnostics.Report(DiagnosticDescriptors.SampleOutsideRange, Path.GetFileName(path), index, sample[i], i, range.Minimum, range.Maximum);
                        return false;
                    }
                }
            }

            start = end;
        }

        return true;
    }
}
