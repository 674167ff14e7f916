using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>How weights are thinned out.</summary>
/// <param name="N">Weights that are kept, of each M along a channel.</param>
/// <param name="Bits">Of the weights.</param>
/// <param name="Shared">Neighbouring channels that keep the same ones.</param>
internal sealed record Pruning(int N, int M, int Bits, int Shared = 1)
{
    /// <summary>Any pattern that thins out, any number of bits, extreme patterns among them.</summary>
    public static Pruning Any(Dice dice)
    {
        var m = dice.Pick(2, 3, 4, 4, 4, 5, 8, 16, 32);
        return new Pruning(dice.Chance(50) ? Math.Max(1, m / 2) : dice.Between(1, m - 1), m, dice.Between(2, 8), dice.Pick(1, 2, 4, 4, 8));
    }

    /// <summary>A layer's constants. The kinds of weights: random ones; the ends of the range, of either sign or of one; and some that are zero although kept.</summary>
    public Filter Filter(Dice dice, int height, int width, int channels, int products)
    {
        var largest = (1 << (Bits - 1)) - 1;
        var kind = dice.Between(0, 5);
        var weights = new sbyte[channels * products];
        for (var start = 0; start < products; start += M)
        {
            var kept = Array.Empty<int>();
            for (var channel = 0; channel < channels; channel++)
            {
                kept = channel % Shared == 0 ? Choose(dice, start, Math.Min(M, products - start)) : kept;
                foreach (var k in kept)
                {
                    weights[(channel * products) + k] = (sbyte)(kind switch
                    {
                        0 => largest,
                        1 => -largest - (Bits == 8 ? 1 : 0),
                        2 => dice.Pick(-largest, largest),
                        3 => dice.Chance(30) ? 0 : dice.Between(-largest, largest),
                        _ => dice.Between(-largest, largest),
                    });
                }
            }
        }

        var scale = 4 / (128.0 * largest * Math.Sqrt(Math.Max(1, products * N / M)));
        return new Filter(
            height,
            width,
            channels,
            [.. weights],
            [.. Enumerable.Range(0, channels).Select(_ => (float)(scale * dice.Between(0.2, 3.0)))],
            [.. Enumerable.Range(0, channels).Select(_ => dice.Between(-20 * largest, 20 * largest))]);
    }

    /// <summary>The same for a depthwise convolution: its weights lie channel by channel innermost, each channel's are pruned by themselves.</summary>
    public Filter DepthwiseFilter(Dice dice, int height, int width, int channels)
    {
        var taps = height * width;
        var filter = Filter(dice, height, width, channels, taps);
        return filter with { Weights = [.. Enumerable.Range(0, taps * channels).Select(i => filter.Weights[(i % channels * taps) + (i / channels)])] };
    }

    private int[] Choose(Dice dice, int start, int size)
    {
        var left = Enumerable.Range(start, size).ToList();
        while (left.Count > N)
        {
            left.RemoveAt(dice.Between(0, left.Count - 1));
        }

        return [.. left];
    }
}
