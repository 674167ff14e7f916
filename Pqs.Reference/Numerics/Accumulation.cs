using Pqs.Reference.Model;

namespace Pqs.Reference.Numerics;

/// <summary>ACC(p_1 … p_K) of docs/numerics.md: how a layer's accumulator takes in its partial products, by the letter of that page.</summary>
public static class Accumulation
{
    /// <param name="products">The products of one output value whose weights are not zero, in natural order. A product may be 0.</param>
    /// <param name="accumulator">Width and schedule.</param>
    public static int Accumulate(ReadOnlySpan<int> products, Accumulator accumulator) => accumulator.Schedule switch
    {
        Schedule.AlternatingSchedule => Alternating(products, accumulator.Bits),
        Schedule.Sorted sorted => Sorted(products, sorted, accumulator.Bits),
        Schedule.ExactSchedule => Exact(products, accumulator.Bits),
        _ => Natural(products, accumulator.Bits),
    };

    private static int Natural(ReadOnlySpan<int> products, int bits)
    {
        var sum = 0;
        foreach (var product in products)
        {
            sum = FixedPoint.Saturate((long)sum + product, bits);
        }

        return sum;
    }

    private static int Exact(ReadOnlySpan<int> products, int bits)
    {
        var sum = 0L;
        foreach (var product in products)
        {
            sum += product;
        }

        return FixedPoint.Saturate(sum, bits);
    }

    private static int Alternating(ReadOnlySpan<int> products, int bits)
    {
        var positives = new Queue<int>();
        var negatives = new Queue<int>();
        foreach (var product in products)
        {
            (product < 0 ? negatives : positives).Enqueue(product);
        }

        var sum = 0;
        while (positives.Count > 0 && negatives.Count > 0)
        {
            sum = FixedPoint.Saturate((long)sum + (sum >= 0 ? negatives : positives).Dequeue(), bits);
        }

        foreach (var product in positives.Concat(negatives))
        {
            sum = FixedPoint.Saturate((long)sum + product, bits);
        }

        return sum;
    }

    private static int Sorted(ReadOnlySpan<int> products, Schedule.Sorted schedule, int bits)
    {
        var tile = schedule.Tile ?? Math.Max(products.Length, 1);
        var sum = 0;
        for (var start = 0; start < products.Length; start += tile)
        {
            var result = Reduce(products[start..Math.Min(start + tile, products.Length)], schedule.Rounds, bits);
            sum = FixedPoint.Saturate((long)sum + result, bits);
        }

        return sum;
    }

    /// <summary>Rounds of pairwise sums, then what remains in ascending magnitude, the negative one of two equals first.</summary>
    private static int Reduce(ReadOnlySpan<int> products, int? rounds, int bits)
    {
        int[] list = [.. products];
        for (var round = 0; round != rounds && Array.Exists(list, p => p < 0) && Array.Exists(list, p => p > 0); round++)
        {
            list = Round(list, bits);
        }

        Array.Sort(list, (a, b) => Math.Abs(a) != Math.Abs(b) ? Math.Abs(a).CompareTo(Math.Abs(b)) : a.CompareTo(b));
        return Natural(list, bits);
    }

    /// <summary>
    /// One round: the largest positive value is added to the most negative one, the next to the next, and so on; what is left of the longer kind stays as it is.
    /// Zeros are dropped.
    /// </summary>
    private static int[] Round(int[] list, int bits)
    {
        int[] ascending = [.. list.Where(value => value != 0).Order()];
        var negatives = ascending.Count(value => value < 0);
        var pairs = Math.Min(negatives, ascending.Length - negatives);
        var sums = Enumerable.Range(0, pairs).Select(i => FixedPoint.Saturate((long)ascending[i] + ascending[^(i + 1)], bits));
        return [.. sums, .. ascending[pairs..^pairs]];
    }
}
