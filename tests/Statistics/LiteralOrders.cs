using Pqs.Codegen.Statistics;

namespace Pqs.Tests.Statistics;

/// <summary>
/// What saturates in one dot product, by the letter of docs/numerics.md: each width by itself, with an accumulator of that width, one addition at a time. It
/// takes nothing from Pqs.Codegen but the record of the counts.
/// </summary>
internal static class LiteralOrders
{
    /// <summary>Counts of one dot product, each 0 or 1.</summary>
    public static OverflowCounts Count(IReadOnlyList<int> products, int bits)
    {
        var sum = products.Sum(product => (long)product);
        if (sum < -(1L << (bits - 1)) || sum >= 1L << (bits - 1))
        {
            return new OverflowCounts(1, 0, 0, 0);
        }

        return new OverflowCounts(
            0,
            Saturates(adder => Natural(products.Select(p => (long)p), adder)),
            Saturates(adder => Sorted(1, adder)),
            Saturates(adder => Sorted(int.MaxValue, adder)));

        int Saturates(Action<Adder> order)
        {
            var adder = new Adder(bits);
            order(adder);
            return adder.HasSaturated ? 1 : 0;
        }

        void Sorted(int rounds, Adder adder)
        {
            var list = products.Select(p => (long)p).ToList();
            for (var round = 0; round < rounds && list.Exists(p => p > 0) && list.Exists(p => p < 0); round++)
            {
                var positives = list.Where(p => p > 0).OrderDescending().ToList();
                var negatives = list.Where(p => p < 0).Order().ToList();
                var pairs = Math.Min(positives.Count, negatives.Count);
                list = [.. Enumerable.Range(0, pairs).Select(i => adder.Add(positives[i], negatives[i])), .. positives.Skip(pairs), .. negatives.Skip(pairs)];
            }

            Natural(list.OrderBy(Math.Abs).ThenBy(p => p), adder);
        }
    }

    private static void Natural(IEnumerable<long> products, Adder adder)
    {
        var sum = 0L;
        foreach (var product in products)
        {
            sum = adder.Add(sum, product);
        }
    }

    /// <summary>An adder of some bits that remembers whether it had to saturate.</summary>
    private sealed class Adder(int bits)
    {
        public bool HasSaturated { get; private set; }

        public long Add(long a, long b)
        {
            var sum = a + b;
            var clamped = Math.Clamp(sum, -(1L << (bits - 1)), (1L << (bits - 1)) - 1);
            HasSaturated |= clamped != sum;
            return clamped;
        }
    }
}
