using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Pqs.Codegen.Analysis;

namespace Pqs.Codegen.Statistics;

/// <summary>
/// Counts the dot products of one layer by the bits that their sums need, in natural order, after one round and sorted. A block of channels is measured at
/// once. An order is only carried out where bounds leave open whether it overflows at a width that is asked for: the sum of any part of some values lies
/// between the sum of the negative ones and that of the positive ones.
/// </summary>
public sealed class OverflowCounter
{
    private readonly AccumulatorWidths _widths;
    private readonly int _channels;
    private readonly bool[] _isProven;
    private readonly Vector256<short>[] _products;
    private readonly OverflowTally _tally;
    private readonly PendingLanes _pending;

    /// <param name="bounds">By channel.</param>
    /// <param name="depth">Products of one dot product.</param>
    /// <param name="widths">The widths that are asked for.</param>
    internal OverflowCounter(ImmutableArray<ChannelBounds> bounds, int depth, AccumulatorWidths widths)
    {
        (_widths, _channels) = (widths, bounds.Length);
        _isProven = [.. bounds.Chunk(LayerTables.Lanes).Select(block => block.All(channel => channel.BitsForAnyOrder <= widths.Lowest))];
        _products = new Vector256<short>[depth];
        _tally = new OverflowTally(bounds.Length);
        _pending = PendingLanes.AfterOneRound(depth, widths.Lowest, _tally);
    }

    /// <summary>Room for the products of one block: a vector for each product of a dot product.</summary>
    public Span<Vector256<short>> Products => _products;

    /// <summary>Counts one dot product of each channel of a block.</summary>
    /// <param name="products">In natural order; used up by this call.</param>
    /// <param name="block">Which channels.</param>
    /// <param name="sums">Receives their exact sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Count(Span<Vector256<short>> products, int block, Span<int> sums)
    {
        Span<int> lowest = stackalloc int[LayerTables.Lanes];
        Span<int> highest = stackalloc int[LayerTables.Lanes];
        Span<int> positive = stackalloc int[LayerTables.Lanes];
        Measure(products, sums, lowest, highest, positive);
        var first = block * LayerTables.Lanes;
        var open = 0u;
        for (var lane = 0; lane < Math.Min(LayerTables.Lanes, _channels - first); lane++)
        {
            var (channel, bits) = (first + lane, Bits.Of(sums[lane]));
            _tally.AddSum(channel, sums[lane]);
            _tally.Add(channel, OverflowKind.Natural, Bits.Of(lowest[lane], highest[lane]));
            if (bits > _widths.Highest || _isProven[block] || SortedLanes.AreDecided(sums[lane], positive[lane], bits, _widths.Lowest))
            {
                _tally.Add(channel, OverflowKind.OneRound, bits);
                _tally.Add(channel, OverflowKind.Sorted, bits);
            }
            else
            {
                open |= 1u << lane;
            }
        }

        if (open != 0)
        {
            CountSorted(products, first, open, sums);
        }
    }

    /// <summary>What was counted, once nothing more is to come.</summary>
    internal OverflowTally Complete()
    {
        _pending.Complete();
        return _tally;
    }

    /// <summary>The first round of all lanes; those that it leaves open go on in company of others.</summary>
    private void CountSorted(Span<Vector256<short>> products, int first, uint open, ReadOnlySpan<int> sums)
    {
        Span<int> needed = stackalloc int[LayerTables.Lanes];
        Span<int> positive = stackalloc int[LayerTables.Lanes];
        products = products[..SortedLanes.AddPairs(products, needed, positive)];
        for (var lane = 0; open >> lane != 0; lane++)
        {
            if ((open >> lane & 1) == 0)
            {
                continue;
            }

            var bits = Math.Max(Bits.Of(sums[lane]), needed[lane]);
            if (SortedLanes.AreDecided(sums[lane], positive[lane], bits, _widths.Lowest))
            {
                _tally.Add(first + lane, OverflowKind.OneRound, bits);
                _tally.Add(first + lane, OverflowKind.Sorted, bits);
            }
            else
            {
                _pending.Add(products, lane, first + lane, sums[lane], bits);
            }
        }
    }

    /// <summary>Sums, extremes of the sums in natural order, and sums of the positive products.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Measure(ReadOnlySpan<Vector256<short>> products, Span<int> sums, Span<int> lowest, Span<int> highest, Span<int> positive)
    {
        var (sumLower, sumUpper) = (Vector256<int>.Zero, Vector256<int>.Zero);
        var (lowestLower, lowestUpper) = (Vector256<int>.Zero, Vector256<int>.Zero);
        var (highestLower, highestUpper) = (Vector256<int>.Zero, Vector256<int>.Zero);
        var (positiveLower, positiveUpper) = (Vector256<int>.Zero, Vector256<int>.Zero);
        foreach (var product in products)
        {
            sumLower += Vector256.WidenLower(product);
            sumUpper += Vector256.WidenUpper(product);
            lowestLower = Vector256.Min(lowestLower, sumLower);
            lowestUpper = Vector256.Min(lowestUpper, sumUpper);
            highestLower = Vector256.Max(highestLower, sumLower);
            highestUpper = Vector256.Max(highestUpper, sumUpper);
            var part = Vector256.Max(product, Vector256<short>.Zero);
            positiveLower += Vector256.WidenLower(part);
            positiveUpper += Vector256.WidenUpper(part);
        }

        Bits.Store(sumLower, sumUpper, sums);
        Bits.Store(lowestLower, lowestUpper, lowest);
        Bits.Store(highestLower, highestUpper, highest);
        Bits.Store(positiveLower, positiveUpper, positive);
    }
}
