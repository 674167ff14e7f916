using System.Collections.Immutable;
using Pqs.Compress.LinearAlgebra;
using Pqs.Compress.Pruning;
using Pqs.Compress.Quantizing;
using Pqs.Compress.Reconstruction;
using Pqs.Compress.Requests;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Compress.Pipeline;

/// <summary>Chooses the integer weights and the biases of one layer.</summary>
/// <param name="Dot">The layer.</param>
/// <param name="Problems">What its weights are to reproduce: one for each input channel of a depthwise convolution, else one.</param>
/// <param name="Input">What the integers of its input stand for.</param>
/// <param name="Settings">What is asked for.</param>
/// <param name="Identity">Which layer it is.</param>
/// <param name="Watches">
/// For each problem, whether the sums of a channel with these products and integer weights stay in the accumulator on the data; null where nobody asks.
/// </param>
internal sealed record LayerCompressor(
    FloatDotProductOperator Dot,
    ImmutableArray<LayerProblem> Problems,
    ActivationGrid Input,
    CompressionSettings Settings,
    LayerIdentity Identity,
    ImmutableArray<Func<int[], int[], bool>?> Watches)
{
    /// <summary>The bias in units of the products stays below this, with room for the sum.</summary>
    private const double GreatestBias = 1 << 28;

    private SparsityPattern Pattern => Settings.Weights.PatternFor(Identity);

    private WeightGrid Grid => WeightGrid.OfBits(Settings.Weights.Bits.For(Identity));

    public (ImmutableArray<QuantizedChannel> Channels, double[] Biases) Run()
    {
        var channels = new QuantizedChannel[Dot.OutputChannels];
        var biases = new double[Dot.OutputChannels];
        var perMatrix = Dot.OutputChannels / Problems.Length;
        foreach (var (matrix, problem) in Problems.Index())
        {
            var weights = Weights(matrix * perMatrix, perMatrix);
            var results = Channels(problem, weights, matrix * perMatrix, Watches[matrix]);
            for (var i = 0; i < perMatrix; i++)
            {
                var channel = (matrix * perMatrix) + i;
                channels[channel] = results[i];
                biases[channel] = problem.Bias(Dot.Bias[channel], weights.Row(i), results[i].ToReal());
            }
        }

        return ([.. channels], biases);
    }

    private Matrix Weights(int firstChannel, int channels)
    {
        var weights = new Matrix(channels, Dot.ProductCount);
        for (var i = 0; i < channels; i++)
        {
            for (var product = 0; product < Dot.ProductCount; product++)
            {
                weights[i, product] = Dot.Weight(firstChannel + i, product);
            }
        }

        return weights;
    }

    private QuantizedChannel[] Channels(LayerProblem problem, Matrix weights, int firstChannel, Func<int[], int[], bool>? watch)
    {
        var quantizer = new ChannelQuantizer(
            Grid, Settings.Has(CompressionSteps.ErrorFeedback), Settings.Has(CompressionSteps.ScaleSearch), Limit(), watch);
        var all = PruningMask.All(weights.Rows, weights.Columns);
        var mask = Pattern.IsDense || Settings.IsQuantizedFirst ? all : Select(problem, weights);
        var results = new QuantizedChannel[weights.Rows];

        // Channels that keep the same weights share a factor.
        var shared = mask == all ? weights.Rows : Pattern.Channels;
        for (var first = 0; first < weights.Rows; first += shared)
        {
            var end = Math.Min(first + shared, weights.Rows);
            if (end - first == 1)
            {
                continue;
            }

            var common = ChannelTarget.ForSupport(problem, mask.Support(first));
            Parallel.For(first, end, i => results[i] = Quantize(common, i));
        }

        Parallel.For(0, weights.Rows, i => results[i] ??= Quantize(ChannelTarget.ForSupport(problem, mask.Support(i)), i));
        return Settings.IsQuantizedFirst && !Pattern.IsDense ? PruneIntegers(results) : results;

        QuantizedChannel Quantize(ChannelTarget support, int i)
        {
            var target = Settings.Has(CompressionSteps.Reconstruction) ? support.LeastSquares(problem, weights.Row(i)) : support.Unchanged(weights.Row(i));
            var kept = new double[weights.Columns];
            foreach (var (product, value) in target.Support.Zip(target.Values))
            {
                kept[product] = value;
            }

            var bias = Math.Abs(problem.Bias(Dot.Bias[firstChannel + i], weights.Row(i), kept));
            var leastScale = Math.Max(2 * bias / (GreatestBias * Input.Quantization.Scale), 1e-12);
            return quantizer.Quantize(target, weights.Columns, leastScale);
        }
    }

    private PruningMask Select(LayerProblem problem, Matrix weights) => Settings.Has(CompressionSteps.Reconstruction)
        ? CompensatedPruning.Select(problem, Cholesky.Factor(problem.Hessian)!, weights, Pattern)
        : MagnitudePruning.Select(weights.Rows, weights.Columns, (channel, product) => weights[channel, product], Pattern);

    private QuantizedChannel[] PruneIntegers(QuantizedChannel[] channels)
    {
        var mask = MagnitudePruning.Select(
            channels.Length, Dot.ProductCount, (channel, product) => channels[channel].Weights[product] * (double)channels[channel].Scale, Pattern);
        return [.. channels.Select((channel, i) => channel with { Weights = [.. channel.Weights.Select((weight, k) => mask[i, k] ? weight : 0)] })];
    }

    private AccumulatorLimit? Limit()
    {
        var bits = Settings.Accumulators.Bits.For(Identity);
        if (bits == Accumulator.MaximumBits || Settings.Accumulators.Guarantee != Guarantee.Proven)
        {
            return null;
        }

        var ((_, zeroPoint), range) = Input;
        return new AccumulatorLimit(Math.Min(range.Minimum - zeroPoint, 0), Math.Max(range.Maximum - zeroPoint, 0), bits);
    }
}
