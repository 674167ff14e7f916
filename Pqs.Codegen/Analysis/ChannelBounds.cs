namespace Pqs.Codegen.Analysis;

/// <summary>Worst cases of one output channel's dot product over the real range of its input, in units of its products.</summary>
/// <param name="SumMinimum">Least value of the whole sum.</param>
/// <param name="SumMaximum">Greatest value of the whole sum.</param>
/// <param name="PartMinimum">Least value of the sum of any part of the products, in any order: at most 0.</param>
/// <param name="PartMaximum">Greatest value of the sum of any part of the products: at least 0.</param>
/// <param name="LargestProduct">Greatest magnitude of a single product.</param>
/// <param name="NonZeroWeights">Products that are formed.</param>
public sealed record ChannelBounds(
    long SumMinimum, long SumMaximum, long PartMinimum, long PartMaximum, int LargestProduct, int NonZeroWeights)
{
    /// <summary>The narrowest accumulator in which no order overflows.</summary>
    public int BitsForAnyOrder => BitsFor(PartMinimum, PartMaximum);

    /// <summary>The narrowest accumulator in which the sorted order never clips: that of the whole sum, wide enough for each product.</summary>
    public int BitsForSortedOrder => Math.Max(BitsFor(SumMinimum, SumMaximum), BitsFor(-LargestProduct, LargestProduct));

    public Proof ProofAt(int bits)
    {
        if (BitsForAnyOrder <= bits)
        {
            return Proof.AnyOrder;
        }

        return BitsFor(-LargestProduct, LargestProduct) <= bits ? Proof.SortedOrder : Proof.None;
    }

    /// <summary>By how much the worst case of the whole sum is outside an accumulator: what clips, whatever the order.</summary>
    public long ClipAt(int bits)
    {
        var limit = 1L << (bits - 1);
        return Math.Max(0, Math.Max(SumMaximum - (limit - 1), -limit - SumMinimum));
    }

    private static int BitsFor(long minimum, long maximum)
    {
        var bits = 1;
        while (minimum < -(1L << (bits - 1)) || maximum > (1L << (bits - 1)) - 1)
        {
            bits++;
        }

        return bits;
    }
}
