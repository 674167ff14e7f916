using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Model;
using Pqs.Reference.Numerics;

namespace Pqs.Tests.Reference;

internal sealed class MultiplierQuantizationTests
{
    private static readonly object?[][] Factors =
    [
        [0.5, new Requantization(1 << 30, 0)],
        [1.0, new Requantization(1 << 30, 1)],
        [0.75, new Requantization(3 << 29, 0)],
        [Math.BitDecrement(1.0), new Requantization(1 << 30, 1)],
        [Math.BitIncrement(0.5), new Requantization(1 << 30, 0)],
        [Math.ScaleB(1, -32), new Requantization(1 << 30, -31)],
        [Math.ScaleB(0.999, -32), new Requantization(0, 0)],
        [Math.BitDecrement(Math.ScaleB(1, -32)), new Requantization(1 << 30, -31)],
        [double.Epsilon, new Requantization(0, 0)],
        [Math.ScaleB(1, 29), new Requantization(1 << 30, 30)],
        [Math.ScaleB(0.999, 30), new Requantization((int)Math.Round(0.999 * (1L << 31)), 30)],
        [Math.ScaleB(1, 30), null],
        [Math.BitDecrement(Math.ScaleB(1, 30)), null],
        [double.MaxValue, null],
    ];

    [TestCaseSource(nameof(Factors))]
    public void Ends_and_ties(double real, Requantization? expected) => Assert.That(MultiplierQuantization.Quantize(real), Is.EqualTo(expected));

    [TestCase(1 << 30, 0, 1 << 30, 0)]
    [TestCase(0x40007FFF, -5, 0x40000000, -5)]
    [TestCase(0x40008000, -5, 0x40010000, -5)]
    [TestCase(0x7FFF7FFF, -31, 0x7FFF0000, -31)]
    [TestCase(0x7FFF8000, -31, 1 << 30, -30)]
    [TestCase(0x7FFF8000, 0, 1 << 30, 1)]
    [TestCase(int.MaxValue, 29, 1 << 30, 30)]
    [TestCase(0x7FFF7FFF, 30, 0x7FFF0000, 30)]
    [TestCase(0, 0, 0, 0)]
    public void A_multiplier_of_15_bits(int multiplier, int shift, int expected, int expectedShift) =>
        Assert.That(MultiplierQuantization.Shorten(new Requantization(multiplier, shift)), Is.EqualTo(new Requantization(expected, expectedShift)));

    [Test]
    public void A_multiplier_of_15_bits_does_not_leave_the_shifts() => Assert.Multiple(() =>
    {
        Assert.That(MultiplierQuantization.Shorten(new Requantization(0x7FFF8000, 30)), Is.Null);
        Assert.That(MultiplierQuantization.Quantize(Math.ScaleB(1, 30), 15), Is.Null);
        Assert.That(MultiplierQuantization.Quantize(Math.ScaleB(0.999999, 30), 31), Is.Not.Null);
        Assert.That(MultiplierQuantization.Quantize(Math.ScaleB(0.999999, 30), 15), Is.Null);
        Assert.That(MultiplierQuantization.Quantize(Math.ScaleB(0.999999, -32), 15), Is.EqualTo(new Requantization(0, 0)));
    });

    [Test]
    public void A_factor_of_15_bits_is_the_nearest() => Property.Holds(Gen.Double[-31.9, 29.9].Select(power => Math.Pow(2, power)), 5000, real =>
    {
        var factor = MultiplierQuantization.Quantize(real, 15)!.Value;
        Assert.That(factor.Multiplier & 0xFFFF, Is.Zero);
        Assert.That(factor.Multiplier, Is.InRange(1 << 30, int.MaxValue));

        // A factor that is rounded twice may be off by the half of a digit and half of one of 31 bits.
        Assert.That(Math.Abs((real * Math.ScaleB(1, 31 - factor.Shift)) - factor.Multiplier), Is.LessThanOrEqualTo(0x8000 + 0.5));
    });

    [Test]
    public void The_factor_is_the_nearest() => Property.Holds(Gen.Double[-31.9, 29.9].Select(power => Math.Pow(2, power)), 5000, real =>
    {
        var factor = MultiplierQuantization.Quantize(real)!.Value;
        Assert.That(factor.Multiplier, Is.InRange(1 << 30, int.MaxValue));
        Assert.That(Math.Abs((real * Math.ScaleB(1, 31 - factor.Shift)) - factor.Multiplier), Is.LessThanOrEqualTo(0.5));
    });
}
