using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Compress.Equalization;

/// <summary>
/// Scales the channels between two layers so that the weights that write a channel and those that read it have the same range: cross-layer equalization
/// (Nagel et al., Data-Free Quantization Through Weight Equalization and Bias Correction, arXiv 1906.04721). The network computes what it did.
/// </summary>
public static class CrossLayerEqualization
{
    private const int MaximumSweeps = 20;

    /// <summary>Sweeps end when no factor is farther from 1.</summary>
    private const double Near = 1e-3;

    public static FloatGraph Run(FloatGraph graph)
    {
        var pairs = ChannelPair.Find(graph);
        var operators = graph.Nodes.Select(node => node.Operator).ToArray();
        var farthest = pairs.IsEmpty ? 0 : double.PositiveInfinity;
        for (var sweep = 0; sweep < MaximumSweeps && farthest > Near; sweep++)
        {
            farthest = 0;
            foreach (var (first, second) in pairs)
            {
                var factors = Factors((FloatDotProductOperator)operators[first], (FloatDotProductOperator)operators[second]);
                farthest = Math.Max(farthest, factors.Max(factor => Math.Abs(factor - 1)));
                operators[first] = Divide((FloatDotProductOperator)operators[first], factors);
                operators[second] = Multiply((FloatDotProductOperator)operators[second], factors);
            }
        }

        return graph with { Nodes = [.. graph.Nodes.Zip(operators, (node, @operator) => node with { Operator = @operator })] };
    }

    /// <summary>For each channel the root of the ratio of both ranges; 1 where one is zero.</summary>
    private static double[] Factors(FloatDotProductOperator first, FloatDotProductOperator second)
    {
        var (written, read) = (new double[first.OutputChannels], new double[first.OutputChannels]);
        for (var channel = 0; channel < first.OutputChannels; channel++)
        {
            for (var product = 0; product < first.ProductCount; product++)
            {
                written[channel] = Math.Max(written[channel], Math.Abs(first.Weight(channel, product)));
            }
        }

        for (var channel = 0; channel < second.OutputChannels; channel++)
        {
            for (var product = 0; product < second.ProductCount; product++)
            {
                var input = ChannelPair.InputChannel(second, channel, product, read.Length);
                read[input] = Math.Max(read[input], Math.Abs(second.Weight(channel, product)));
            }
        }

        return [.. written.Zip(read, (w, r) => w > 0 && r > 0 ? Math.Sqrt(w / r) : 1)];
    }

    private static FloatDotProductOperator Divide(FloatDotProductOperator first, double[] factors)
    {
        var weights = first.Weights.ToArray();
        for (var channel = 0; channel < first.OutputChannels; channel++)
        {
            for (var product = 0; product < first.ProductCount; product++)
            {
                var index = first.WeightIndex(channel, product);
                weights[index] = (float)(weights[index] / factors[channel]);
            }
        }

        return first with { Weights = [.. weights], Bias = [.. first.Bias.Zip(factors, (bias, factor) => (float)(bias / factor))] };
    }

    private static FloatDotProductOperator Multiply(FloatDotProductOperator second, double[] factors)
    {
        var weights = second.Weights.ToArray();
        for (var channel = 0; channel < second.OutputChannels; channel++)
        {
            for (var product = 0; product < second.ProductCount; product++)
            {
                var index = second.WeightIndex(channel, product);
                weights[index] = (float)(weights[index] * factors[ChannelPair.InputChannel(second, channel, product, factors.Length)]);
            }
        }

        return second with { Weights = [.. weights] };
    }
}
