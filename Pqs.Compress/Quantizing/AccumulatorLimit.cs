namespace Pqs.Compress.Quantizing;

/// <summary>
/// What the integer weights of a channel may sum up to, so that no sum of its products leaves an accumulator, for any input and in any order: the bound of
/// accumulator-aware quantization (Colbert, Pappalardo, Petri-Koenig, A2Q, arXiv 2308.13504; with both signs bounded by themselves, A2Q+, arXiv 2401.10432).
/// </summary>
/// <param name="Low">Least value of x − zx, at most 0.</param>
/// <param name="High">Greatest value of x − zx, at least 0.</param>
/// <param name="Bits">Width P of the accumulator.</param>
public readonly record struct AccumulatorLimit(int Low, int High, int Bits)
{
    /// <summary>True where a channel is safe whose positive weights sum up to <paramref name="positive"/> and its negative ones to −<paramref name="negative"/>.</summary>
    public bool Allows(long positive, long negative)
    {
        var limit = 1L << (Bits - 1);
        return (High * positive) - (Low * negative) <= limit - 1 && (High * negative) - (Low * positive) <= limit;
    }

    /// <summary>True where the channel's weights are safe.</summary>
    public bool Allows(ReadOnlySpan<int> weights)
    {
        var (positive, negative) = (0L, 0L);
        foreach (var weight in weights)
        {
            positive += Math.Max(weight, 0);
            negative += Math.Max(-weight, 0);
        }

        return Allows(positive, negative);
    }

    /// <summary>The scale with which real weights, if they needed no rounding, would just be safe.</summary>
    public double LeastScale(ReadOnlySpan<double> weights)
    {
        var (positive, negative) = (0.0, 0.0);
        foreach (var weight in weights)
        {
            positive += Math.Max(weight, 0);
            negative += Math.Max(-weight, 0);
        }

        return Math.Max((High * positive) - (Low * negative), (High * negative) - (Low * positive)) / ((1L << (Bits - 1)) - 1);
    }
}
