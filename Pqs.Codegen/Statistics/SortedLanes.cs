using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Pqs.Codegen.Statistics;

/// <summary>
/// The schedule <c>sorted</c> on the lanes of vectors, each lane a dot product, without saturation. While no addition saturates, all widths go through the
/// same sums, so the widest of them says at once at which widths one saturates.
/// </summary>
internal static class SortedLanes
{
    private const short SignBit = short.MinValue;

    /// <summary>Whether no sum of any part of some values leaves the bits that are needed already, or the lowest that matter.</summary>
    /// <param name="sum">The sum of all of them.</param>
    /// <param name="positive">The sum of the positive ones.</param>
    public static bool AreDecided(int sum, int positive, int needed, int lowestBits) =>
        Bits.Of(sum - positive, positive) <= Math.Max(needed, lowestBits);

    /// <summary>
    /// One round: sorts, and adds the outermost two while they have different signs, and so on inwards. A sum takes the place of the negative one, and 0 that
    /// of the positive one, which changes nothing later.
    /// </summary>
    /// <param name="list">Values in any order.</param>
    /// <param name="needed">By lane: the bits that the sums need.</param>
    /// <param name="positive">By lane: the sum of the positive values afterwards.</param>
    /// <returns>The length of the list without values at its end that are 0 in all lanes.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int AddPairs(Span<Vector256<short>> list, Span<int> needed, Span<int> positive)
    {
        SortingNetwork.Sort(list);
        var (positiveLower, positiveUpper) = (Vector256<int>.Zero, Vector256<int>.Zero);
        var (lowest, highest) = (Vector256<short>.Zero, Vector256<short>.Zero);
        var length = list.Length;
        for (int low = 0, high = list.Length - 1; low <= high; low++, high--)
        {
            var (a, b) = (list[low], low < high ? list[high] : Vector256<short>.Zero);
            var isPair = Vector256.LessThan(a, Vector256<short>.Zero) & Vector256.GreaterThan(b, Vector256<short>.Zero);
            var sum = (a + b) & isPair;
            lowest = Vector256.Min(lowest, sum);
            highest = Vector256.Max(highest, sum);
            a = Vector256.ConditionalSelect(isPair, sum, a);
            b = Vector256.AndNot(b, isPair);
            if (low < high && length == high + 1 && b == Vector256<short>.Zero)
            {
                length = high;
            }

            list[high] = b;
            list[low] = a;
            (a, b) = (Vector256.Max(a, Vector256<short>.Zero), Vector256.Max(b, Vector256<short>.Zero));
            positiveLower += Vector256.WidenLower(a) + Vector256.WidenLower(b);
            positiveUpper += Vector256.WidenUpper(a) + Vector256.WidenUpper(b);
        }

        for (var lane = 0; lane < LayerTables.Lanes; lane++)
        {
            needed[lane] = Bits.Of(lowest.GetElement(lane), highest.GetElement(lane));
        }

        Bits.Store(positiveLower, positiveUpper, positive);
        return length;
    }

    /// <summary>Adds in ascending magnitude, the negative one of two equals first.</summary>
    /// <param name="list">Values in any order.</param>
    /// <param name="keys">Working memory as long as the list.</param>
    /// <param name="needed">By lane: the bits that the sums need.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddAscending(ReadOnlySpan<Vector256<short>> list, Span<Vector256<short>> keys, Span<int> needed)
    {
        // Twice the magnitude and 1 for a positive value, as unsigned numbers; their order is that of signed ones with the other sign bit.
        for (var i = 0; i < list.Length; i++)
        {
            keys[i] = ((Vector256.Abs(list[i]) << 1) - Vector256.GreaterThan(list[i], Vector256<short>.Zero)) ^ Vector256.Create(SignBit);
        }

        SortingNetwork.Sort(keys);
        var (sumLower, sumUpper) = (Vector256<int>.Zero, Vector256<int>.Zero);
        var (lowestLower, lowestUpper) = (Vector256<int>.Zero, Vector256<int>.Zero);
        var (highestLower, highestUpper) = (Vector256<int>.Zero, Vector256<int>.Zero);
        foreach (var biased in keys)
        {
            var key = biased ^ Vector256.Create(SignBit);
            var negative = (key & Vector256<short>.One) - Vector256<short>.One;
            var value = ((key >>> 1) ^ negative) - negative;
            sumLower += Vector256.WidenLower(value);
            sumUpper += Vector256.WidenUpper(value);
            lowestLower = Vector256.Min(lowestLower, sumLower);
            lowestUpper = Vector256.Min(lowestUpper, sumUpper);
            highestLower = Vector256.Max(highestLower, sumLower);
            highestUpper = Vector256.Max(highestUpper, sumUpper);
        }

        Span<int> low = stackalloc int[LayerTables.Lanes];
        Span<int> high = stackalloc int[LayerTables.Lanes];
        Bits.Store(lowestLower, lowestUpper, low);
        Bits.Store(highestLower, highestUpper, high);
        for (var lane = 0; lane < LayerTables.Lanes; lane++)
        {
            needed[lane] = Bits.Of(low[lane], high[lane]);
        }
    }
}
