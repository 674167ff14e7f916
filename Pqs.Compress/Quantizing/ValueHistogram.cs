using System.Collections.Immutable;

namespace Pqs.Compress.Quantizing;

/// <summary>How often values of a tensor occur, in bins of equal width from the least to the greatest.</summary>
/// <param name="Minimum">The least value, or 0 where all are above.</param>
/// <param name="Maximum">The greatest value, or 0 where all are below.</param>
/// <param name="Counts">By bin; none where all values are 0.</param>
public sealed record ValueHistogram(float Minimum, float Maximum, ImmutableArray<long> Counts)
{
    private const int Bins = 2048;

    public double BinWidth => ((double)Maximum - Minimum) / Counts.Length;

    /// <summary>The middle of a bin.</summary>
    public double Center(int bin) => Minimum + ((bin + 0.5) * BinWidth);

    /// <param name="samples">The finite values of each sample.</param>
    public static ValueHistogram Of(float[][] samples)
    {
        var ranges = new (float Minimum, float Maximum)[samples.Length];
        Parallel.For(0, samples.Length, index =>
        {
            var (least, greatest) = (0f, 0f);
            foreach (var value in samples[index])
            {
                least = Math.Min(least, value);
                greatest = Math.Max(greatest, value);
            }

            ranges[index] = (least, greatest);
        });

        var (minimum, maximum) = (ranges.Min(range => range.Minimum), ranges.Max(range => range.Maximum));
        if (minimum == maximum)
        {
            return new ValueHistogram(minimum, maximum, []);
        }

        var counts = new long[Bins];
        var factor = Bins / ((double)maximum - minimum);
        Parallel.For(
            0,
            samples.Length,
            () => new long[Bins],
            (index, _, part) =>
            {
                foreach (var value in samples[index])
                {
                    part[Math.Min((int)((value - minimum) * factor), Bins - 1)]++;
                }

                return part;
            },
            part =>
            {
                lock (counts)
                {
                    for (var bin = 0; bin < Bins; bin++)
                    {
                        counts[bin] += part[bin];
                    }
                }
            });
        return new ValueHistogram(minimum, maximum, [.. counts]);
    }
}
