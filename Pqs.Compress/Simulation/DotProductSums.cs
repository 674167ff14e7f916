using System.Collections.Immutable;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Compress.Simulation;

/// <summary>
/// The exact sums Σ w · (x − zx) of a quantized layer, computed by the float interpreter: single precision holds integers below 2^24 exactly, and where a channel's
/// sums may be greater, its products are split among several passes.
/// </summary>
internal sealed class DotProductSums
{
    /// <summary>Integers up to this are exact in single precision.</summary>
    private const long Exact = 1L << 24;

    /// <summary>Greatest |x − zx|.</summary>
    private const int GreatestInput = 255;

    private readonly ImmutableArray<FloatDotProductOperator> _parts;
    private readonly Shape _input;
    private readonly Shape _output;
    private readonly int _zeroPoint;

    public DotProductSums(DotProductOperator dot, Shape input, Shape output, int zeroPoint)
    {
        (_input, _output, _zeroPoint) = (input, output, zeroPoint);
        var passOf = Passes(dot);
        _parts = [.. Enumerable.Range(0, passOf.Max() + 1).Select(pass => Convert(dot, passOf, pass))];
    }

    /// <summary>One sum for each output element.</summary>
    public int[] Run(sbyte[] input)
    {
        var values = Array.ConvertAll(input, value => (float)(value - _zeroPoint));
        var sums = new int[_output.ElementCount];
        foreach (var part in _parts)
        {
            var partial = SingleNode.Run(part, [_input], _output, values);
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += (int)partial[i];
            }
        }

        return sums;
    }

    /// <summary>The pass of each product, the same in all channels: as many in each as keep every channel exact.</summary>
    private static int[] Passes(DotProductOperator dot)
    {
        var passOf = new int[dot.ProductCount];
        var magnitudes = new long[dot.OutputChannels];
        var pass = 0;
        for (var product = 0; product < dot.ProductCount; product++)
        {
            for (var channel = 0; channel < magnitudes.Length; channel++)
            {
                magnitudes[channel] += GreatestInput * Math.Abs((long)dot.Weight(channel, product));
            }

            if (magnitudes.Max() > Exact)
            {
                pass++;
                for (var channel = 0; channel < magnitudes.Length; channel++)
                {
                    magnitudes[channel] = GreatestInput * Math.Abs((long)dot.Weight(channel, product));
                }
            }

            passOf[product] = pass;
        }

        return passOf;
    }

    private static FloatDotProductOperator Convert(DotProductOperator dot, int[] passOf, int pass)
    {
        var weights = new float[dot.Weights.Length];
        for (var channel = 0; channel < dot.OutputChannels; channel++)
        {
            for (var product = 0; product < dot.ProductCount; product++)
            {
                var index = dot.WeightIndex(channel, product);
                weights[index] = passOf[product] == pass ? dot.Weights[index] : 0;
            }
        }

        ImmutableArray<float> all = [.. weights];
        ImmutableArray<float> bias = [.. new float[dot.OutputChannels]];
        return dot switch
        {
            Conv2D conv => new FloatConv2D(conv.Window, conv.InputChannels) { Weights = all, Bias = bias, Activation = FloatRange.None },
            DepthwiseConv2D depthwise => new FloatDepthwiseConv2D(depthwise.Window, depthwise.InputChannels, depthwise.DepthMultiplier)
            {
                Weights = all,
                Bias = bias,
                Activation = FloatRange.None,
            },
            FullyConnected fullyConnected => new FloatFullyConnected(fullyConnected.InputSize) { Weights = all, Bias = bias, Activation = FloatRange.None },
            _ => throw new InvalidOperationException($"There are no sums of {dot.Name}."),
        };
    }
}
