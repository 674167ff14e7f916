namespace Pqs.Compress.Pruning;

/// <summary>
/// Keeps of each group the N weights of greatest magnitude, of equal ones the first. Channels that share a pattern keep the positions with the greatest sums
/// of squares.
/// </summary>
public static class MagnitudePruning
{
    /// <param name="channels">Output channels.</param>
    /// <param name="products">Weights of a channel: K.</param>
    /// <param name="weight">The weight of a channel and a product, in natural order.</param>
    /// <param name="pattern">A possible pattern.</param>
    public static PruningMask Select(int channels, int products, Func<int, int, double> weight, SparsityPattern pattern)
    {
        var mask = new PruningMask(channels, products);
        Span<double> scores = stackalloc double[pattern.M];
        Span<bool> isKept = stackalloc bool[pattern.M];
        for (var first = 0; first < channels; first += pattern.Channels)
        {
            var end = Math.Min(first + pattern.Channels, channels);
            for (var start = 0; start < products; start += pattern.M)
            {
                var size = Math.Min(pattern.M, products - start);
                scores.Clear();
                for (var channel = first; channel < end; channel++)
                {
                    for (var i = 0; i < size; i++)
                    {
                        var value = weight(channel, start + i);
                        scores[i] += value * value;
                    }
                }

                GroupSelection.KeepGreatest(scores[..size], pattern.N, isKept[..size]);
                for (var channel = first; channel < end; channel++)
                {
                    for (var i = 0; i < size; i++)
                    {
                        mask[channel, start + i] = isKept[i];
                    }
                }
            }
        }

        return mask;
    }
}
