using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Analysis;

/// <summary>Bounds of each channel's dot product, from the actual weights and the real range of the input.</summary>
public static class AccumulatorAnalysis
{
    /// <param name="operator">The operator, with its weights.</param>
    /// <param name="range">The input's quantized values.</param>
    /// <param name="inputZeroPoint">The input's zero point.</param>
    /// <returns>By output channel.</returns>
    public static ImmutableArray<ChannelBounds> Run(DotProductOperator @operator, TensorRange range, int inputZeroPoint)
    {
        // Padding contributes products of 0: where a window can reach outside, x − zx = 0 is possible whatever the range.
        var (low, high) = (range.Minimum - inputZeroPoint, range.Maximum - inputZeroPoint);
        if (IsPadded(@operator))
        {
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        }

        return [.. Enumerable.Range(0, @operator.OutputChannels).Select(channel => Bound(@operator, channel, low, high))];
    }

    private static ChannelBounds Bound(DotProductOperator @operator, int channel, int low, int high)
    {
        var (sumMinimum, sumMaximum, partMinimum, partMaximum) = (0L, 0L, 0L, 0L);
        var (largest, nonZero) = (0, 0);
        for (var k = 0; k < @operator.ProductCount; k++)
        {
            int weight = @operator.Weight(channel, k);
            if (weight == 0)
            {
                continue;
            }

            var minimum = Math.Min(weight * low, weight * high);
            var maximum = Math.Max(weight * low, weight * high);
            sumMinimum += minimum;
            sumMaximum += maximum;
            partMinimum += Math.Min(minimum, 0);
            partMaximum += Math.Max(maximum, 0);
            largest = Math.Max(largest, Math.Max(Math.Abs(minimum), Math.Abs(maximum)));
            nonZero++;
        }

        return new ChannelBounds(sumMinimum, sumMaximum, partMinimum, partMaximum, largest, nonZero);
    }

    private static bool IsPadded(DotProductOperator @operator) => @operator switch
    {
        Conv2D conv => conv.Window.IsPadded,
        DepthwiseConv2D depthwise => depthwise.Window.IsPadded,
        _ => false,
    };
}
