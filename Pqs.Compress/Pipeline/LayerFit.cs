using System.Collections.Immutable;
using Pqs.Compress.Quantizing;
using Pqs.Compress.Reconstruction;
using Pqs.Compress.Requests;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Compress.Pipeline;

/// <summary>A layer's compression on the calibration data.</summary>
internal static class LayerFit
{
    /// <summary>Rows on which sums are watched.</summary>
    private const int WatchedRows = 8192;

    /// <param name="dot">The layer.</param>
    /// <param name="shape">Shape of its input.</param>
    /// <param name="input">Its input on the data.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="identity">Which layer it is.</param>
    public static LayerCompressor Of(FloatDotProductOperator dot, Shape shape, TensorValues input, CompressionSettings settings, LayerIdentity identity)
    {
        var compressed = input.CompressedAsReal();
        var data = new LayerData(dot, shape, compressed.Length);
        var problems = settings.Has(CompressionSteps.Propagation)
            ? Problems(dot, data, compressed, input.Reference, settings)
            : Problems(dot, data, input.Reference, null, settings);
        return new LayerCompressor(dot, problems, input.Grid, settings, identity, Watches(dot, data, compressed, input.Grid, settings, identity));
    }

    /// <summary>The problems of a layer's channels: one for each matrix of inputs.</summary>
    public static ImmutableArray<LayerProblem> Problems(
        FloatDotProductOperator dot, LayerData data, float[][] compressed, float[][]? reference, CompressionSettings settings) =>
    [
        .. Enumerable.Range(0, InputColumns.MatrixCount(dot))
            .Select(matrix => data.Problem(matrix, compressed, reference, settings.Has(CompressionSteps.BiasCorrection))),
    ];

    private static ImmutableArray<Func<int[], int[], bool>?> Watches(
        FloatDotProductOperator dot, LayerData data, float[][] compressed, ActivationGrid grid, CompressionSettings settings, LayerIdentity identity)
    {
        var bits = settings.Accumulators.Bits.For(identity);
        var matrices = Enumerable.Range(0, InputColumns.MatrixCount(dot));
        if (bits == Accumulator.MaximumBits || settings.Accumulators.Guarantee != Guarantee.Observed)
        {
            return [.. matrices.Select(_ => (Func<int[], int[], bool>?)null)];
        }

        var samples = Math.Clamp((int)((long)WatchedRows * compressed.Length / data.RowCount), 1, compressed.Length);
        var scale = grid.Quantization.Scale;
        return
        [
            .. matrices.Select(matrix => (Func<int[], int[], bool>?)new ObservedSums(
                Array.ConvertAll(data.Rows(matrix, 0, samples, compressed), value => MathF.Round(value / scale)),
                dot.ProductCount,
                bits,
                settings.Accumulators.ClipRate).IsSafe),
        ];
    }
}
