using System.Collections.Immutable;
using Pqs.Codegen.Statistics;
using Pqs.Compress.Pipeline;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>How right networks are on a data set.</summary>
internal sealed class CompressMeasure
{
    private readonly ImmutableArray<float[]> _samples;
    private readonly ImmutableArray<int> _labels;
    private readonly bool _isAgreement;
    private readonly Accuracy _float;

    private CompressMeasure(ImmutableArray<float[]> samples, ImmutableArray<int> labels, bool isAgreement, Accuracy ofFloat) =>
        (_samples, _labels, _isAgreement, _float) = (samples, labels, isAgreement, ofFloat);

    /// <returns>False when an error was reported.</returns>
    /// <param name="isNeeded">True where, for want of labels, what the float network says is to count as right.</param>
    /// <param name="measure">Null where there are no data, or no labels and none are needed.</param>
    public static bool TryCreate(FloatGraph graph, RealData? data, bool isNeeded, DiagnosticBag diagnostics, out CompressMeasure? measure)
    {
        measure = null;
        if (data == null || (data.Labels == null && !isNeeded))
        {
            return true;
        }

        if (graph.Outputs.Length != 1)
        {
            diagnostics.Report(DiagnosticDescriptors.AccuracyManyOutputs, graph.Name, graph.Outputs.Length);
            return false;
        }

        var outputs = NetworkOutputs.Of(graph, data.Samples);
        var labels = data.Labels ?? [.. outputs.Select(output => Accuracy.Choice<float>(output))];
        if (Accuracy.Measure(outputs, labels, data.Place, diagnostics) is not { } accuracy)
        {
            return false;
        }

        measure = new CompressMeasure(data.Samples, labels, data.Labels == null, accuracy);
        return true;
    }

    /// <summary>Null when an error was reported.</summary>
    /// <param name="longMultipliers">The graph with multipliers of 31 bits; null where it has them anyway.</param>
    public CompressAccuracy? Of(Graph graph, Graph? longMultipliers, DiagnosticBag diagnostics)
    {
        var accuracy = AccuracyOf(graph, diagnostics);
        Accuracy? other = longMultipliers == null ? null : AccuracyOf(longMultipliers, diagnostics);
        return accuracy is { } compressed && !diagnostics.HasErrors ? new CompressAccuracy(_float, compressed, _isAgreement, other) : null;
    }

    /// <summary>By how many points a network is less accurate than the float one.</summary>
    public double Drop(Graph graph) => 100 * (_float.Top1 - Measure(NetworkOutputs.Of(graph, _samples)).Top1);

    /// <summary>Accuracy over the width of accumulators; null when an error was reported.</summary>
    public ImmutableArray<SweepRow>? Sweep(Graph graph, AccumulatorWidths widths, DiagnosticBag diagnostics) =>
        new CompressSweep(graph, Integers(graph), Measure).Run(widths, Terminal.Progress, diagnostics);

    private Accuracy? AccuracyOf(Graph graph, DiagnosticBag diagnostics) =>
        QuantizedOutputs.Of(graph, Integers(graph), diagnostics) is { } outputs ? Measure(outputs) : null;

    private ImmutableArray<sbyte[]> Integers(Graph graph) => [.. _samples.Select(sample => NetworkOutputs.Quantize(graph, sample))];

    private Accuracy Measure(ImmutableArray<sbyte[]> outputs) =>
        new(outputs.Zip(_labels, (output, label) => Accuracy.Choice<sbyte>(output) == label).Count(isRight => isRight), outputs.Length);
}
