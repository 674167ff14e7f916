using System.Collections.Immutable;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Reference.Import.Onnx.Float.Passes;

/// <summary>
/// y = scale · x + shift with a scale and a shift for each channel, the last dimension: batch normalization and its like. Only in graphs that are being
/// imported; the passes fold it into dot products.
/// </summary>
internal sealed record ChannelAffine(ImmutableArray<double> Scale, ImmutableArray<double> Shift) : FloatOperator
{
    public override string Name => "AFFINE";

    public int Channels => Scale.Length;

    /// <summary>This one and then the next one.</summary>
    public ChannelAffine Then(ChannelAffine next) => new(
        [.. Scale.Zip(next.Scale, (first, second) => first * second)],
        [.. Enumerable.Range(0, Channels).Select(channel => (Shift[channel] * next.Scale[channel]) + next.Shift[channel])]);

    /// <summary>The dot products and then this.</summary>
    public FloatDotProductOperator After(FloatDotProductOperator dot)
    {
        var weights = dot.Weights.ToArray();
        var bias = dot.Bias.ToArray();
        for (var channel = 0; channel < bias.Length; channel++)
        {
            for (var product = 0; product < dot.ProductCount; product++)
            {
                ref var weight = ref weights[dot.WeightIndex(channel, product)];
                weight = (float)(weight * Scale[channel]);
            }

            bias[channel] = (float)((bias[channel] * Scale[channel]) + Shift[channel]);
        }

        return dot with { Weights = [.. weights], Bias = [.. bias] };
    }

    /// <summary>This and then the dot products, of which product k of a channel reads channel <paramref name="inputChannel"/>(channel, k).</summary>
    public FloatDotProductOperator Before(FloatDotProductOperator dot, Func<int, int, int> inputChannel)
    {
        var weights = dot.Weights.ToArray();
        var bias = dot.Bias.ToArray();
        for (var channel = 0; channel < bias.Length; channel++)
        {
            double sum = bias[channel];
            for (var product = 0; product < dot.ProductCount; product++)
            {
                var input = inputChannel(channel, product);
                ref var weight = ref weights[dot.WeightIndex(channel, product)];
                sum += weight * Shift[input];
                weight = (float)(weight * Scale[input]);
            }

            bias[channel] = (float)sum;
        }

        return dot with { Weights = [.. weights], Bias = [.. bias] };
    }
}
