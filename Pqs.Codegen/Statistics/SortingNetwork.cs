using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pqs.Codegen.Statistics;

/// <summary>
/// Sorts the lanes of vectors, each lane by itself and all at once, with Batcher's merge exchange: algorithm M of Knuth, The Art of Computer Programming,
/// volume 3, section 5.2.2. Which elements are compared depends on their number only.
/// </summary>
internal static class SortingNetwork
{
    /// <summary>Sorts each lane in ascending order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sort(Span<Vector256<short>> list)
    {
        if (list.Length < 2)
        {
            return;
        }

        var half = 1 << BitOperations.Log2((uint)(list.Length - 1));
        for (var p = half; p > 0; p >>= 1)
        {
            Exchange(list, p, 0, p);
            for (var q = half; q > p; q >>= 1)
            {
                Exchange(list, p, p, q - p);
            }
        }
    }

    /// <summary>Orders elements i and i + distance for each i whose bit <paramref name="p"/> is that of <paramref name="first"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Exchange(Span<Vector256<short>> list, int p, int first, int distance)
    {
        for (var start = first; start < list.Length - distance; start += 2 * p)
        {
            var count = Math.Min(p, list.Length - distance - start);
            var low = list.Slice(start, count);
            var high = list.Slice(start + distance, count);
            for (var i = 0; i < low.Length && i < high.Length; i++)
            {
                var (a, b) = (low[i], high[i]);
                low[i] = Vector256.Min(a, b);
                high[i] = Vector256.Max(a, b);
            }
        }
    }
}
