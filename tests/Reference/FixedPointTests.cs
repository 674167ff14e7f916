using System.Numerics;
using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Model;
using Pqs.Reference.Numerics;

namespace Pqs.Tests.Reference;

internal sealed class FixedPointTests
{
    private static readonly int[] Multipliers = [1 << 30, (1 << 30) + 1, 1518500250, int.MaxValue - 1, int.MaxValue];

    private static readonly int[] Corners =
        [int.MinValue, int.MinValue + 1, -(1 << 30) - 1, -(1 << 30), -3, -2, -1, 0, 1, 2, 3, (1 << 30) - 1, 1 << 30, int.MaxValue - 1, int.MaxValue];

    /// <summary>Any int, with the ends, powers of two and their neighbours as often as all others.</summary>
    private static Gen<int> Value => Gen.OneOf(
        Gen.Int,
        Gen.OneOf<int>(Corners),
        Gen.Select(Gen.Int[0, 30], Gen.Int[-2, 2], Gen.Bool, (power, near, negative) => ((1 << power) + near) * (negative ? -1 : 1)));

    private static Gen<Requantization> Factor =>
        Gen.Select(Gen.OneOf(Gen.Int[1 << 30, int.MaxValue], Gen.OneOf<int>(Multipliers)), Gen.Int[-31, 30], (multiplier, shift) => new Requantization(multiplier, shift));

    [Test]
    public void The_high_multiply_is_exact_on_all_pairs_of_corners()
    {
        foreach (var a in Corners)
        {
            foreach (var b in Corners)
            {
                Assert.That(
                    (BigInteger)FixedPoint.SaturatingRoundingDoublingHighMultiply(a, b), Is.EqualTo(ExactArithmetic.HighMultiply(a, b)), $"{a} · {b}");
            }
        }
    }

    [Test]
    public void The_high_multiply_is_exact_on_random_pairs() => Property.Holds(Gen.Select(Value, Value), 20_000, pair =>
        Assert.That(
            (BigInteger)FixedPoint.SaturatingRoundingDoublingHighMultiply(pair.Item1, pair.Item2),
            Is.EqualTo(ExactArithmetic.HighMultiply(pair.Item1, pair.Item2))));

    // a·b = ±2^30 and ±3·2^30 are halves: they go up.
    [TestCase(1 << 15, 1 << 15, 1)]
    [TestCase(-(1 << 15), 1 << 15, 0)]
    [TestCase(3 << 15, 1 << 15, 2)]
    [TestCase(-(3 << 15), 1 << 15, -1)]
    [TestCase(int.MinValue, int.MinValue, int.MaxValue)]
    [TestCase(int.MinValue, int.MaxValue, -int.MaxValue)]
    public void The_high_multiply_rounds_halves_up(int a, int b, int expected) =>
        Assert.That(FixedPoint.SaturatingRoundingDoublingHighMultiply(a, b), Is.EqualTo(expected));

    [TestCase(5, 1, 3)]
    [TestCase(-5, 1, -3)]
    [TestCase(6, 2, 2)]
    [TestCase(-6, 2, -2)]
    [TestCase(5, 2, 1)]
    [TestCase(-5, 2, -1)]
    [TestCase(7, 0, 7)]
    [TestCase(int.MinValue, 0, int.MinValue)]
    [TestCase(int.MaxValue, 31, 1)]
    [TestCase(int.MinValue, 31, -1)]
    [TestCase(1 << 30, 31, 1)]
    [TestCase(-(1 << 30), 31, -1)]
    [TestCase((1 << 30) - 1, 31, 0)]
    public void The_rounding_right_shift_rounds_halves_away_from_zero(int value, int exponent, int expected) =>
        Assert.That(FixedPoint.RoundingDivideByPowerOfTwo(value, exponent), Is.EqualTo(expected));

    [Test]
    public void The_rounding_right_shift_is_exact() => Property.Holds(Gen.Select(Value, Gen.Int[0, 31]), 20_000, pair =>
        Assert.That(
            (BigInteger)FixedPoint.RoundingDivideByPowerOfTwo(pair.Item1, pair.Item2),
            Is.EqualTo(ExactArithmetic.DivideByPowerOfTwo(pair.Item1, pair.Item2))));

    [Test]
    public void Saturation_clamps_at_every_width()
    {
        for (var bits = 8; bits <= 32; bits++)
        {
            foreach (var value in new[] { long.MinValue, -(1L << (bits - 1)) - 1, -(1L << (bits - 1)), -1, 0, (1L << (bits - 1)) - 1, 1L << (bits - 1), long.MaxValue })
            {
                Assert.That((BigInteger)FixedPoint.Saturate(value, bits), Is.EqualTo(ExactArithmetic.Saturate(value, bits)), $"{value} to {bits} bits");
            }
        }
    }

    [Test]
    public void Requantization_is_exact_at_the_ends_of_every_shift([Values] Rounding rounding)
    {
        for (var shift = -31; shift <= 30; shift++)
        {
            var limit = Limit(shift);
            foreach (var multiplier in Multipliers)
            {
                foreach (var value in new[] { -limit, -limit + 1, -2, -1, 0, 1, 2, limit - 1, limit }.Where(value => Math.Abs(value) <= limit))
                {
                    AssertExact(value, new Requantization(multiplier, shift), rounding);
                }
            }
        }
    }

    [Test]
    public void Requantization_is_exact_on_random_values([Values] Rounding rounding) =>
        Property.Holds(Gen.Select(Value, Factor), 20_000, pair =>
        {
            var limit = Limit(pair.Item2.Shift);
            AssertExact((int)Math.Clamp((long)pair.Item1, -limit, limit), pair.Item2, rounding);
        });

    [Test]
    public void The_roundings_differ_where_they_should()
    {
        var half = new Requantization(1 << 30, 0);
        Assert.That(FixedPoint.Requantize(-1, half, Rounding.Double), Is.Zero);
        Assert.That(FixedPoint.Requantize(-1, half, Rounding.Single), Is.Zero);
        var quarter = new Requantization(1 << 30, -1);
        Assert.That(FixedPoint.Requantize(1, quarter, Rounding.Double), Is.EqualTo(1), "0.25 becomes 0.5, then 1");
        Assert.That(FixedPoint.Requantize(1, quarter, Rounding.Single), Is.Zero, "0.25 becomes 0");
        Assert.That(FixedPoint.Requantize(-2, quarter, Rounding.Double), Is.EqualTo(-1), "-0.5 goes away from zero");
        Assert.That(FixedPoint.Requantize(-2, quarter, Rounding.Single), Is.Zero, "-0.5 goes up");
    }

    [Test]
    public void A_zero_factor_gives_zero([Values] Rounding rounding)
    {
        Assert.That(FixedPoint.Requantize(int.MaxValue, default, rounding), Is.Zero);
        Assert.That(FixedPoint.Requantize(-int.MaxValue, default, rounding), Is.Zero);
    }

    /// <summary>The largest |v| that the graph's invariants admit with a shift.</summary>
    private static int Limit(int shift) => shift < -20 ? (1 << 30) - 1 : (int)((int.MaxValue - 511L) >> Math.Max(shift + 1, 0));

    private static void AssertExact(int value, Requantization factor, Rounding rounding) =>
        Assert.That(
            (BigInteger)FixedPoint.Requantize(value, factor, rounding), Is.EqualTo(ExactArithmetic.Requantize(value, factor, rounding)), $"{value} by {factor}");
}
