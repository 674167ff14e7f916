using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;

namespace Pqs.Compress.Pipeline;

/// <summary>What is wrong with calibration data, for a network as a whole.</summary>
internal static class CalibrationCheck
{
    /// <summary>Memory for the values of all samples.</summary>
    private const long MaximumBytes = 6L << 30;

    /// <summary>False, reported, where the data cannot be used.</summary>
    public static bool Run(FloatGraph graph, ImmutableArray<float[]> samples, DiagnosticBag diagnostics)
    {
        var bytes = NetworkValues.PeakBytes(graph, samples.Length);
        if (bytes > MaximumBytes)
        {
            var possible = Math.Max(1, samples.Length * MaximumBytes / bytes);
            diagnostics.Report(DiagnosticDescriptors.CalibrationTooLarge, graph.Name, samples.Length, bytes >> 20, MaximumBytes >> 20, possible);
            return false;
        }

        if (samples.Length > 1 && samples.All(sample => sample.AsSpan().SequenceEqual(samples[0])))
        {
            diagnostics.Report(DiagnosticDescriptors.CalibrationConstant, graph.Name, samples.Length);
        }

        return true;
    }
}
