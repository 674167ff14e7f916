namespace Pqs.Codegen.Statistics;

/// <summary>What the additions of a dot product saturate in.</summary>
internal enum OverflowKind
{
    /// <summary>The whole sum, whatever the order.</summary>
    Sum,

    /// <summary>A sum in natural order.</summary>
    Natural,

    /// <summary>A sum of one round of sorting and what follows it.</summary>
    OneRound,

    /// <summary>A sum of sorting to the end.</summary>
    Sorted,
}

/// <summary>
/// The dot products of one layer by channel, and for each order of additions by the narrowest accumulator in which none of them saturates: counts for any
/// width follow.
/// </summary>
internal sealed class OverflowTally
{
    private const int Kinds = 4;

    private const int Widths = 33;

    private readonly long[] _counts;

    public OverflowTally(int channels)
    {
        _counts = new long[channels * Kinds * Widths];
        Minimum = new int[channels];
        Maximum = new int[channels];
        Array.Fill(Minimum, int.MaxValue);
        Array.Fill(Maximum, int.MinValue);
    }

    /// <summary>By channel: the least sum seen.</summary>
    public int[] Minimum { get; }

    /// <summary>By channel: the greatest sum seen.</summary>
    public int[] Maximum { get; }

    /// <summary>Counts a dot product by its exact sum.</summary>
    public void AddSum(int channel, int sum)
    {
        Minimum[channel] = Math.Min(Minimum[channel], sum);
        Maximum[channel] = Math.Max(Maximum[channel], sum);
        Add(channel, OverflowKind.Sum, Bits.Of(sum));
    }

    /// <summary>Counts a dot product by an order of its additions.</summary>
    /// <param name="bits">Bits that the order needs, 1..32.</param>
    public void Add(int channel, OverflowKind kind, int bits) => _counts[Index(channel, kind, bits)]++;

    /// <summary>The number of dot products of a channel.</summary>
    public long Total(int channel) => CountAbove(channel, OverflowKind.Sum, 0);

    /// <summary>The number of dot products of a channel of which some addition saturates at a width.</summary>
    public long CountAbove(int channel, OverflowKind kind, int width)
    {
        var count = 0L;
        for (var bits = width + 1; bits < Widths; bits++)
        {
            count += _counts[Index(channel, kind, bits)];
        }

        return count;
    }

    public void Merge(OverflowTally other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        for (var channel = 0; channel < Minimum.Length; channel++)
        {
            Minimum[channel] = Math.Min(Minimum[channel], other.Minimum[channel]);
            Maximum[channel] = Math.Max(Maximum[channel], other.Maximum[channel]);
        }
    }

    private static int Index(int channel, OverflowKind kind, int bits) => (((channel * Kinds) + (int)kind) * Widths) + bits;
}
