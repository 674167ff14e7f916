using System.Collections.Immutable;
using System.Numerics;
using CsCheck;

namespace Pqs.Tests.Codegen;

/// <summary>A sum to requantize, and the result by the letter of docs/numerics.md, in exact integers.</summary>
internal readonly record struct RequantizationCase(int Value, int Multiplier, int Shift, int ZeroPoint, bool IsSingle)
{
    public ImmutableArray<int> Fields => [Value, Multiplier, Shift, ZeroPoint, IsSingle ? 1 : 0];

    public sbyte Expected() => (sbyte)BigInteger.Min(127, BigInteger.Max(-128, Exact() + ZeroPoint));

    /// <summary>Extremes, values around every rounding boundary near the int8 range, and random ones, for every shift and both roundings.</summary>
    public static IEnumerable<RequantizationCase> All(int randomPerShift)
    {
        var pcg = new PCG(3, 99);
        foreach (var isSingle in new[] { false, true })
        {
            yield return new RequantizationCase(int.MaxValue - 511, 0, 0, 3, isSingle);
            yield return new RequantizationCase(-7, 0, 0, -128, isSingle);
            for (var shift = -31; shift <= 30; shift++)
            {
                foreach (var multiplier in new[] { 1 << 30, (1 << 30) + 1, int.MaxValue, int.MaxValue - 1, RandomMultiplier(pcg), RandomMultiplier(pcg), 0x7FFF0000, 0x40010000, RandomMultiplier(pcg) & 0x7FFF0000 })
                {
                    foreach (var value in Values(multiplier, shift, pcg, randomPerShift).Distinct())
                    {
                        yield return new RequantizationCase(value, multiplier, shift, (int)pcg.Next(256) - 128, isSingle);
                    }
                }
            }
        }
    }

    private static int RandomMultiplier(PCG pcg) => (1 << 30) + (int)pcg.Next(1 << 30);

    private static IEnumerable<int> Values(int multiplier, int shift, PCG pcg, int random)
    {
        // What the graph's verifier allows: |v| * 2^max(shift + 1, 0) <= 2^31 - 512, and |v| < 2^30 where the shift is below -20.
        var limit = (int)Math.Min((int.MaxValue - 511L) >> Math.Max(shift + 1, 0), shift < -20 ? (1 << 30) - 1 : int.MaxValue);
        foreach (var value in new[] { 0, 1, -1, 2, -2, 3, -3, limit, -limit, limit - 1, 1 - limit, limit / 2, -limit / 2 })
        {
            if (Math.Abs(value) <= limit)
            {
                yield return value;
            }
        }

        // The values whose exact result is nearest to k + 1/2.
        for (var count = 0; count < random; count++)
        {
            var k = (int)pcg.Next(300) - 150;
            var tie = ((new BigInteger((2 * k) + 1) << (31 - shift)) / multiplier) >> 1;
            for (var offset = -1; offset <= 1; offset++)
            {
                if (BigInteger.Abs(tie + offset) <= limit)
                {
                    yield return (int)(tie + offset);
                }
            }

            yield return (int)((long)(pcg.Next64() % ((2 * (ulong)limit) + 1)) - limit);
        }
    }

    private BigInteger Exact()
    {
        if (IsSingle)
        {
            return (((BigInteger)Value * Multiplier) + (BigInteger.One << (30 - Shift))) >> (31 - Shift);
        }

        var product = ((BigInteger)Value << Math.Max(Shift, 0)) * Multiplier;
        var nudge = product.Sign >= 0 ? BigInteger.One << 30 : 1 - (BigInteger.One << 30);
        var high = BigInteger.Divide(product + nudge, BigInteger.One << 31);
        var divisor = BigInteger.One << Math.Max(-Shift, 0);
        var magnitude = (BigInteger.Abs(high) + (divisor >> 1)) / divisor;
        return high.Sign < 0 ? -magnitude : magnitude;
    }
}
