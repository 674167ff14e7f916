using System.Collections.Immutable;
using Pqs.Compress.Quantizing;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Compress.Assembly;

/// <summary>Quantized operators with dot products from float ones and what was chosen for them.</summary>
internal static class LayerAssembly
{
    /// <summary>The operator with weights and biases, but with the output of the first sums: requantizations and bounds stand for nothing yet.</summary>
    /// <param name="dot">The float operator: its window and shape.</param>
    /// <param name="channels">By output channel.</param>
    /// <param name="biases">Real numbers, by output channel.</param>
    /// <param name="inputScale">Scale of the input.</param>
    /// <param name="accumulatorBits">P; below 32 the exact sum saturates.</param>
    public static DotProductOperator WithWeights(
        FloatDotProductOperator dot, IReadOnlyList<QuantizedChannel> channels, double[] biases, float inputScale, int accumulatorBits)
    {
        var weights = new sbyte[dot.Weights.Length];
        var integers = new int[channels.Count];
        for (var channel = 0; channel < channels.Count; channel++)
        {
            var (values, scale) = channels[channel];
            for (var product = 0; product < values.Length; product++)
            {
                weights[dot.WeightIndex(channel, product)] = (sbyte)values[product];
            }

            integers[channel] = (int)Math.Round(biases[channel] / ((double)inputScale * scale), MidpointRounding.AwayFromZero);
        }

        var accumulator = accumulatorBits == Accumulator.MaximumBits ? Accumulator.Wide : new Accumulator(accumulatorBits, Schedule.Exact);
        ImmutableArray<float> scales = [.. channels.Select(channel => channel.Scale)];
        ImmutableArray<Requantization> factors = [.. channels.Select(_ => new Requantization(1 << 30, 0))];
        return dot switch
        {
            FloatConv2D conv => new Conv2D(conv.Window, conv.InputChannels)
            {
                Weights = [.. weights],
                WeightScales = scales,
                Bias = [.. integers],
                Requantizations = factors,
                Rounding = Rounding.Single,
                Accumulator = accumulator,
                OutputRange = OutputRange.Full,
            },
            FloatDepthwiseConv2D depthwise => new DepthwiseConv2D(depthwise.Window, depthwise.InputChannels, depthwise.DepthMultiplier)
            {
                Weights = [.. weights],
                WeightScales = scales,
                Bias = [.. integers],
                Requantizations = factors,
                Rounding = Rounding.Single,
                Accumulator = accumulator,
                OutputRange = OutputRange.Full,
            },
            FloatFullyConnected fullyConnected => new FullyConnected(fullyConnected.InputSize)
            {
                Weights = [.. weights],
                WeightScales = scales,
                Bias = [.. integers],
                Requantizations = factors,
                Rounding = Rounding.Single,
                Accumulator = accumulator,
                OutputRange = OutputRange.Full,
            },
            _ => throw new InvalidOperationException($"There is no quantized {dot.Name}."),
        };
    }

    /// <summary>The finished operator with multipliers of 15 or 31 bits; null, reported, where a factor is out of range.</summary>
    public static DotProductOperator? WithOutput(
        DotProductOperator dot, float inputScale, ActivationGrid output, OutputRange range, int multiplierBits, string place, DiagnosticBag diagnostics)
    {
        var factors = ImmutableArray.CreateBuilder<Requantization>(dot.OutputChannels);
        foreach (var (channel, scale) in dot.WeightScales.Index())
        {
            var real = (double)inputScale * scale / output.Quantization.Scale;
            if (!(real > 0 && double.IsFinite(real)) || MultiplierQuantization.Quantize(real, multiplierBits) is not { } factor)
            {
                diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, place, real, $"channel {channel}");
                return null;
            }

            factors.Add(factor);
        }

        return dot with { Requantizations = factors.MoveToImmutable(), OutputRange = range };
    }
}
