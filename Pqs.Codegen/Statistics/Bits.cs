using System.Numerics;
using System.Runtime.Intrinsics;

namespace Pqs.Codegen.Statistics;

/// <summary>Widths of accumulators, and the lanes of a block as numbers.</summary>
internal static class Bits
{
    /// <summary>The narrowest accumulator that holds a value.</summary>
    public static int Of(int value) => 33 - BitOperations.LeadingZeroCount((uint)(value ^ (value >> 31)));

    /// <summary>The narrowest accumulator that holds two values.</summary>
    public static int Of(int low, int high) => Math.Max(Of(low), Of(high));

    /// <summary>Stores the lanes of a block, the lower half first.</summary>
    public static void Store(Vector256<int> lower, Vector256<int> upper, Span<int> lanes)
    {
        lower.CopyTo(lanes);
        upper.CopyTo(lanes[Vector256<int>.Count..]);
    }
}
