using System.Collections.Immutable;
using Pqs.Compress.Requests;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Model;

namespace Pqs.Compress.Pipeline;

/// <summary>Finds the narrowest accumulator, the same for all layers, that costs no more accuracy than allowed. Each width is tried with weights fitted to it.</summary>
public static class AccumulatorSearch
{
    private const int Narrowest = 9;

    private const int Widest = 24;

    /// <param name="graph">A verified network.</param>
    /// <param name="samples">Calibration data.</param>
    /// <param name="settings">What else is asked for; its width is replaced, but not those of single layers.</param>
    /// <param name="drop">By how many points a result is less accurate than the float network.</param>
    /// <param name="maximumDrop">How many are allowed.</param>
    /// <param name="progress">Is told what is being done.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    /// <returns>The result with the narrowest accumulator, and its width; null when an error was reported.</returns>
    public static (CompressionResult Result, int Bits)? Run(
        FloatGraph graph,
        ImmutableArray<float[]> samples,
        CompressionSettings settings,
        Func<Graph, double> drop,
        double maximumDrop,
        Action<string> progress,
        DiagnosticBag diagnostics)
    {
        // The widest tells whether there is any. More bits cost no accuracy, but for chance; so the narrowest is found by halving.
        if (Try(Widest, out var found) is not { } widest)
        {
            diagnostics.AddRange(found);
            return null;
        }

        var lost = drop(widest.Graph);
        if (lost > maximumDrop)
        {
            diagnostics.Report(DiagnosticDescriptors.DropNotReached, graph.Name, maximumDrop, Widest, lost);
            return null;
        }

        var (best, low, high) = ((widest, Widest), Narrowest, Widest - 1);
        while (low <= high)
        {
            var bits = (low + high) / 2;
            if (Try(bits, out var attempt) is { } result && drop(result.Graph) <= maximumDrop)
            {
                (best, found, high) = ((result, bits), attempt, bits - 1);
            }
            else
            {
                low = bits + 1;
            }
        }

        diagnostics.AddRange(found);
        return best;

        CompressionResult? Try(int bits, out DiagnosticBag attempt)
        {
            var accumulators = settings.Accumulators with { Bits = settings.Accumulators.Bits with { Default = bits } };
            attempt = new DiagnosticBag();
            return Compressor.Run(
                graph, samples, settings with { Accumulators = accumulators }, text => progress($"{bits} accumulator bits, {text}"), attempt);
        }
    }
}
