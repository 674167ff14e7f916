namespace Pqs.Codegen.Statistics;

/// <summary>The schedule <c>sorted</c> for emitted programs.</summary>
public static class SortedAccumulation
{
    /// <summary>Rounds of sums of pairs, then what remains in ascending magnitude; each sum saturates.</summary>
    /// <param name="products">In any order; used up by this call.</param>
    /// <param name="rounds">At least 1.</param>
    /// <param name="minimum">The accumulator's smallest value.</param>
    /// <param name="maximum">The accumulator's greatest value.</param>
    public static int Reduce(Span<int> products, int rounds, int minimum, int maximum)
    {
        products.Sort();
        for (; rounds > 0; rounds--)
        {
            var pairs = Math.Min(CountBelow(products, 0), products.Length - CountBelow(products, 1));
            if (pairs == 0)
            {
                break;
            }

            // The sums take the places of the negative ones; zeros sort between the signs and change nothing.
            for (var i = 0; i < pairs; i++)
            {
                products[i] = Math.Clamp(products[i] + products[^(i + 1)], minimum, maximum);
            }

            products = products[..^pairs];
            products.Sort();
        }

        return AddAscending(products, minimum, maximum);
    }

    /// <summary>In ascending magnitude, the negative one of two equals first.</summary>
    private static int AddAscending(ReadOnlySpan<int> sorted, int minimum, int maximum)
    {
        var sum = 0;
        var negative = CountBelow(sorted, 0) - 1;
        var positive = negative + 1;
        while (negative >= 0 || positive < sorted.Length)
        {
            var isNegative = positive == sorted.Length || (negative >= 0 && -sorted[negative] <= sorted[positive]);
            sum = Math.Clamp(sum + (isNegative ? sorted[negative--] : sorted[positive++]), minimum, maximum);
        }

        return sum;
    }

    /// <summary>The number of values below a limit.</summary>
    private static int CountBelow(ReadOnlySpan<int> sorted, int limit)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = sorted[middle] < limit ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
