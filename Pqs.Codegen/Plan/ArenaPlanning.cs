using System.Collections.Immutable;

namespace Pqs.Codegen.Plan;

/// <summary>
/// Lays out the arena: buffers that are live at the same step must not overlap. Offsets are found by first fit; since the order in which buffers are
/// placed decides the result, several orders are tried, then single buffers of the best one are moved to its front while that helps.
/// The lower bound tells how much a perfect layout could still save.
/// </summary>
internal static class ArenaPlanning
{
    public static ArenaLayout Run(ImmutableArray<Buffer> buffers, int stepCount)
    {
        var indices = Enumerable.Range(0, buffers.Length).Where(i => buffers[i].IsInArena).ToArray();
        var lowerBound = Enumerable.Range(0, stepCount)
            .Select(step => indices.Where(i => buffers[i].IsLiveAt(step)).Sum(i => Align(buffers[i].Size)))
            .DefaultIfEmpty(0)
            .Max();

        var best = Orders(buffers, indices).Select(order => Place(buffers, order)).MinBy(layout => layout.Size)!;
        best = Improve(buffers, best, lowerBound);
        return new ArenaLayout([.. best.Offsets], (int)Math.Max(best.Size, ArenaLayout.Alignment), (int)Math.Max(lowerBound, ArenaLayout.Alignment));
    }

    private static IEnumerable<int[]> Orders(ImmutableArray<Buffer> buffers, int[] indices)
    {
        yield return [.. indices.OrderByDescending(i => buffers[i].Size)];
        yield return [.. indices.OrderByDescending(i => buffers[i].LastStep - buffers[i].FirstStep).ThenByDescending(i => buffers[i].Size)];
        yield return [.. indices.OrderByDescending(i => (long)buffers[i].Size * (buffers[i].LastStep - buffers[i].FirstStep + 1))];
        yield return indices;
    }

    /// <summary>Moves one buffer at a time to the front of the order and keeps what makes the arena smaller.</summary>
    private static Layout Improve(ImmutableArray<Buffer> buffers, Layout best, long lowerBound)
    {
        // Each round tries as many layouts as there are buffers; large graphs keep the best of the fixed orders.
        const int maximumRounds = 16;
        const int maximumBuffers = 128;
        for (var round = 0; round < maximumRounds && best.Size > lowerBound && best.Order.Length <= maximumBuffers; round++)
        {
            var better = best.Order
                .Select(first => Place(buffers, [first, .. best.Order.Where(i => i != first)]))
                .MinBy(layout => layout.Size)!;
            if (better.Size >= best.Size)
            {
                break;
            }

            best = better;
        }

        return best;
    }

    /// <summary>Puts each buffer at the lowest offset where it overlaps none that was placed before it and lives with it.</summary>
    private static Layout Place(ImmutableArray<Buffer> buffers, int[] order)
    {
        var offsets = new long[buffers.Length];
        Array.Fill(offsets, -1);
        var placed = new List<int>();
        var size = 0L;
        foreach (var index in order)
        {
            var offset = 0L;
            foreach (var other in placed.Where(other => buffers[other].Overlaps(buffers[index])).OrderBy(other => offsets[other]))
            {
                if (offset + buffers[index].Size <= offsets[other])
                {
                    break;
                }

                offset = Math.Max(offset, offsets[other] + Align(buffers[other].Size));
            }

            offsets[index] = offset;
            placed.Add(index);
            size = Math.Max(size, offset + Align(buffers[index].Size));
        }

        return new Layout(order, [.. offsets.Select(offset => (int)offset)], size);
    }

    private static long Align(int size) => (size + (ArenaLayout.Alignment - 1L)) / ArenaLayout.Alignment * ArenaLayout.Alignment;

    private sealed record Layout(int[] Order, int[] Offsets, long Size);
}
