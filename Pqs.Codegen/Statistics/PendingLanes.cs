using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pqs.Codegen.Statistics;

/// <summary>
/// Dot products that bounds have not decided yet, after one round or, in the next stage, after two. They wait until there is one for each lane of a vector,
/// so that few of them cost no more than their share.
/// </summary>
internal sealed class PendingLanes
{
    private readonly int _lowestBits;
    private readonly OverflowTally _tally;
    private readonly PendingLanes? _next;
    private readonly Vector256<short>[] _list;
    private readonly Vector256<short>[] _keys;
    private readonly (int Channel, int Sum, int Needed)[] _lanes = new (int, int, int)[LayerTables.Lanes];
    private int _count;
    private int _length;

    /// <param name="depth">Products of one dot product.</param>
    /// <param name="lowestBits">The narrowest width that is asked for.</param>
    /// <param name="tally">Receives what is found.</param>
    /// <param name="next">The stage after this one; null for the last, which goes on to the end.</param>
    private PendingLanes(int depth, int lowestBits, OverflowTally tally, PendingLanes? next)
    {
        (_lowestBits, _tally, _next) = (lowestBits, tally, next);
        _list = new Vector256<short>[depth];
        _keys = new Vector256<short>[next == null ? 0 : depth];
    }

    /// <summary>The stage of dot products that have gone through one round.</summary>
    public static PendingLanes AfterOneRound(int depth, int lowestBits, OverflowTally tally) =>
        new(depth, lowestBits, tally, new PendingLanes(depth, lowestBits, tally, null));

    /// <summary>Takes a dot product over.</summary>
    /// <param name="list">Lists of values, one in each lane.</param>
    /// <param name="lane">Which of them.</param>
    /// <param name="channel">Its output channel.</param>
    /// <param name="sum">Its sum.</param>
    /// <param name="needed">Bits that its sums so far and the whole sum need.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<Vector256<short>> list, int lane, int channel, int sum, int needed)
    {
        var source = MemoryMarshal.Cast<Vector256<short>, short>(list);
        var target = MemoryMarshal.Cast<Vector256<short>, short>(_list.AsSpan());
        var length = 0;
        for (var i = lane; i < source.Length; i += LayerTables.Lanes)
        {
            // A zero is overwritten by what follows.
            target[(length * LayerTables.Lanes) + _count] = source[i];
            length += source[i] != 0 ? 1 : 0;
        }

        _length = Math.Max(_length, length);
        _lanes[_count++] = (channel, sum, needed);
        if (_count == LayerTables.Lanes)
        {
            Measure();
        }
    }

    /// <summary>Decides those that still wait.</summary>
    public void Complete()
    {
        Measure();
        _next?.Complete();
    }

    private void Measure()
    {
        Span<int> needed = stackalloc int[LayerTables.Lanes];
        Span<int> positive = stackalloc int[LayerTables.Lanes];
        var list = _list.AsSpan(0, _length);
        if (_next != null)
        {
            SortedLanes.AddAscending(list, _keys.AsSpan(0, _length), needed);
            for (var lane = 0; lane < _count; lane++)
            {
                _tally.Add(_lanes[lane].Channel, OverflowKind.OneRound, Math.Max(_lanes[lane].Needed, needed[lane]));
            }
        }

        var open = (1u << _count) - 1;
        while (open != 0)
        {
            list = list[..SortedLanes.AddPairs(list, needed, positive)];
            for (var lane = 0; lane < _count; lane++)
            {
                if ((open >> lane & 1) == 0)
                {
                    continue;
                }

                ref var waiting = ref _lanes[lane];
                waiting.Needed = Math.Max(waiting.Needed, needed[lane]);
                if (SortedLanes.AreDecided(waiting.Sum, positive[lane], waiting.Needed, _lowestBits))
                {
                    _tally.Add(waiting.Channel, OverflowKind.Sorted, waiting.Needed);
                    open &= ~(1u << lane);
                }
                else if (_next != null)
                {
                    _next.Add(list, lane, waiting.Channel, waiting.Sum, waiting.Needed);
                    open &= ~(1u << lane);
                }
            }
        }

        _list.AsSpan(0, _length).Clear();
        (_count, _length) = (0, 0);
    }
}
