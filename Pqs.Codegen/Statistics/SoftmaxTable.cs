using System.Numerics;
using static Pqs.Codegen.Statistics.FixedPointArithmetic;

namespace Pqs.Codegen.Statistics;

/// <summary>Softmax of docs/numerics.md for emitted programs: the exponential of each difference that can occur is computed once.</summary>
public sealed class SoftmaxTable
{
    /// <summary>F_24 to F_30 of that page.</summary>
    private static readonly int[] Factors = [1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242];

    /// <summary>By the negated difference from the largest element: its exponential in Q0.31, and 0 below the smallest difference that counts.</summary>
    private readonly int[] _exponentials = new int[256];

    private readonly int _minimumDifference;

    public SoftmaxTable(int inputMultiplier, int inputLeftShift, int minimumDifference)
    {
        _minimumDifference = minimumDifference;
        for (var distance = 0; distance < _exponentials.Length && -distance >= minimumDifference; distance++)
        {
            _exponentials[distance] = Exponential(HighMultiply(-distance << inputLeftShift, inputMultiplier));
        }
    }

    /// <summary>One row; the output is as long as the input and may be the same memory.</summary>
    public void Row(ReadOnlySpan<sbyte> input, Span<sbyte> output)
    {
        var largest = sbyte.MinValue;
        foreach (var element in input)
        {
            largest = Math.Max(largest, element);
        }

        var sum = 0;
        foreach (var element in input)
        {
            // Q12.19; what does not count has an exponential of 0.
            sum += DivideByPowerOfTwo(_exponentials[largest - element], 12);
        }

        var headroom = BitOperations.LeadingZeroCount((uint)sum);
        var reciprocal = Reciprocal((int)(((uint)sum << headroom) - (1u << 31)));
        for (var i = 0; i < input.Length; i++)
        {
            var distance = largest - input[i];
            var quotient = DivideByPowerOfTwo(HighMultiply(reciprocal, _exponentials[distance]), 12 - headroom + 23);
            output[i] = -distance >= _minimumDifference ? (sbyte)Math.Min(quotient - 128, 127) : sbyte.MinValue;
        }
    }

    /// <summary>exp_neg.</summary>
    private static int Exponential(int a)
    {
        const int quarter = 1 << 24;
        if (a == 0)
        {
            return int.MaxValue;
        }

        var rest = (a & (quarter - 1)) - quarter;
        var result = ExponentialNear(rest << 5);
        for (var k = 0; k < Factors.Length; k++)
        {
            if (((rest - a) >> (24 + k) & 1) != 0)
            {
                result = HighMultiply(result, Factors[k]);
            }
        }

        return result;
    }

    /// <summary>exp_near.</summary>
    private static int ExponentialNear(int a)
    {
        var x = a + (1 << 28);
        var x2 = HighMultiply(x, x);
        var x3 = HighMultiply(x2, x);
        var x4 = HighMultiply(x2, x2);
        var t = DivideByPowerOfTwo(HighMultiply(DivideByPowerOfTwo(x4, 2) + x3, 715827883) + x2, 1);
        return 1895147668 + HighMultiply(1895147668, x + t);
    }

    /// <summary>recip.</summary>
    private static int Reciprocal(int fraction)
    {
        var half = (int)((fraction + (1L << 31)) >> 1);
        var x = 1515870810 + HighMultiply(half, -1010580540);
        for (var step = 0; step < 3; step++)
        {
            var correction = HighMultiply(x, (1 << 29) - HighMultiply(half, x));
            x += (int)Math.Clamp(correction * 4L, int.MinValue, int.MaxValue);
        }

        return (int)Math.Min(x * 2L, int.MaxValue);
    }
}
