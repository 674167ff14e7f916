using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Pqs.Compress.LinearAlgebra;

/// <summary>
/// Loops over vectors of doubles. The order of additions is written out in vectors of four, so results do not depend on the width of the processor's registers.
/// </summary>
internal static class Vectors
{
    private const int Lanes = 4;

    /// <summary>Σ a_i · b_i; equal lengths.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref var first = ref MemoryMarshal.GetReference(a);
        ref var second = ref MemoryMarshal.GetReference(b);
        Vector256<double> sum0 = default, sum1 = default;
        nuint i = 0;
        for (; i + (2 * Lanes) <= (nuint)a.Length; i += 2 * Lanes)
        {
            sum0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, i), Vector256.LoadUnsafe(ref second, i), sum0);
            sum1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref first, i + Lanes), Vector256.LoadUnsafe(ref second, i + Lanes), sum1);
        }

        sum0 += sum1;
        var sum = (sum0[0] + sum0[1]) + (sum0[2] + sum0[3]);
        for (; i < (nuint)a.Length; i++)
        {
            sum = Math.FusedMultiplyAdd(a[(int)i], b[(int)i], sum);
        }

        return sum;
    }

    /// <summary>y_i += factor · x_i; equal lengths.</summary>
    public static void AddScaled(Span<double> y, double factor, ReadOnlySpan<double> x)
    {
        ref var target = ref MemoryMarshal.GetReference(y);
        ref var source = ref MemoryMarshal.GetReference(x);
        var scale = Vector256.Create(factor);
        nuint i = 0;
        for (; i + Lanes <= (nuint)y.Length; i += Lanes)
        {
            Vector256.FusedMultiplyAdd(scale, Vector256.LoadUnsafe(ref source, i), Vector256.LoadUnsafe(ref target, i)).StoreUnsafe(ref target, i);
        }

        for (; i < (nuint)y.Length; i++)
        {
            y[(int)i] = Math.FusedMultiplyAdd(factor, x[(int)i], y[(int)i]);
        }
    }
}
