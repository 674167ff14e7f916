using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pqs.Compress.Quantizing;

/// <summary>Counts on rows of a layer's inputs how many of a channel's sums leave an accumulator.</summary>
internal sealed class ObservedSums
{
    private readonly float[] _rows;
    private readonly int _columns;
    private readonly float _limit;
    private readonly long _allowed;

    /// <param name="rows">Integer inputs x − zx, row after row.</param>
    /// <param name="columns">K.</param>
    /// <param name="bits">Width P of the accumulator.</param>
    /// <param name="clipRate">The greatest part of the sums that may be outside.</param>
    public ObservedSums(float[] rows, int columns, int bits, double clipRate)
    {
        (_rows, _columns) = (rows, columns);
        _limit = 1L << (bits - 1);
        _allowed = (long)(clipRate * (rows.Length / columns));
    }

    /// <param name="products">Which products have weights.</param>
    /// <param name="integers">The integer weight of each.</param>
    public bool IsSafe(int[] products, int[] integers)
    {
        var weights = new float[_columns];
        for (var i = 0; i < products.Length; i++)
        {
            weights[products[i]] = integers[i];
        }

        var clips = 0L;
        for (var start = 0; start < _rows.Length && clips <= _allowed; start += _columns)
        {
            var sum = Dot(_rows.AsSpan(start, _columns), weights);
            clips += sum < -_limit || sum >= _limit ? 1 : 0;
        }

        return clips <= _allowed;
    }

    /// <summary>Integers below 2^24 are exact; beyond, all that counts is that a sum is far outside.</summary>
    private static float Dot(ReadOnlySpan<float> row, ReadOnlySpan<float> weights)
    {
        ref var first = ref MemoryMarshal.GetReference(row);
        ref var second = ref MemoryMarshal.GetReference(weights);
        Vector256<float> sum0 = default, sum1 = default;
        nuint i = 0;
        for (; i + 16 <= (nuint)row.Length; i += 16)
        {
            sum0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i), sum0);
            sum1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, i + 8), Vector256.LoadUnsafe(ref second, i + 8), sum1);
        }

        var sum = Vector256.Sum(sum0 + sum1);
        for (; i < (nuint)row.Length; i++)
        {
            sum += row[(int)i] * weights[(int)i];
        }

        return sum;
    }
}
