namespace Pqs.Compress.Pruning;

/// <summary>Which weights of a layer are kept: a row of booleans for each output channel, in natural order.</summary>
public sealed class PruningMask(int channels, int products)
{
    private readonly bool[] _isKept = new bool[checked(channels * products)];

    public int Channels { get; } = channels;

    public int Products { get; } = products;

    public int Kept => _isKept.Count(kept => kept);

    public bool this[int channel, int product]
    {
        get => _isKept[(channel * Products) + product];
        set => _isKept[(channel * Products) + product] = value;
    }

    public static PruningMask All(int channels, int products)
    {
        var mask = new PruningMask(channels, products);
        mask._isKept.AsSpan().Fill(true);
        return mask;
    }

    /// <summary>The kept products of a channel, ascending.</summary>
    public int[] Support(int channel) => [.. Enumerable.Range(0, Products).Where(product => this[channel, product])];

    /// <summary>True when of each group of a channel at most N weights are kept.</summary>
    public bool Has(SparsityPattern pattern)
    {
        for (var channel = 0; channel < Channels; channel++)
        {
            for (var start = 0; start < Products; start += pattern.M)
            {
                var kept = 0;
                for (var product = start; product < Math.Min(start + pattern.M, Products); product++)
                {
                    kept += this[channel, product] ? 1 : 0;
                }

                if (kept > pattern.N)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
