using Pqs.Reference.Model;

namespace Pqs.Reference.Numerics;

/// <summary>ACC(p_1 … p_K) of docs/numerics.md: how a layer's accumulator takes in its partial products.</summary>
public static class Accumulation
{
    /// <param name="products">The products of one output value in natural order; zeros may be among them, they change nothing.</param>
    /// <param name="accumulator">Width and schedule.</param>
    public static int Accumulate(ReadOnlySpan<int> products, Accumulator accumulator)
    {
        // `wide` is `natural` at 32 bits: left to right, each addition saturating.
        var sum = 0;
        foreach (var product in products)
        {
            sum = FixedPoint.Saturate((long)sum + product, accumulator.Bits);
        }

        return sum;
    }
}
