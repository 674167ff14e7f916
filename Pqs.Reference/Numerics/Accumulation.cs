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

    /// <summary>Rounds of pairwise sums, then what remains in ascending magnitude.</summary>
    private static int Reduce(ReadOnlySpan<int> products, int? rounds, int bits)
    {
        var list = products.ToArray().Where(product => product != 0).ToList();
        for (var round = 0; round != rounds && list.Exists(p => p > 0) && list.Exists(p => p < 0); round++)
        {
            list = Round(list, bits);
        }

        var sum = 0;
        foreach (var value in list.OrderBy(value => Math.Abs((long)value)).ThenBy(value => value))
        {
            sum = FixedPoint.Saturate((long)sum + value, bits);
        }

        return sum;
    }

    /// <summary>One round: positives in descending and negatives in ascending order are added pair by pair; the longer list keeps its rest.</summary>
    private static List<int> Round(List<int> list, int bits)
    {
        var positives = list.Where(value => value > 0).OrderDescending().ToList();
        var negatives = list.Where(value => value < 0).Order().ToList();
        var pairs = Math.Min(positives.Count, negatives.Count);
        return
        [
            .. Enumerable.Range(0, pairs).Select(i => FixedPoint.Saturate((long)positives[i] + negatives[i], bits)).Where(value => value != 0),
            .. positives.Skip(pairs),
            .. negatives.Skip(pairs),
        ];
    }
}
