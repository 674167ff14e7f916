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

    [Test]
    public void The_factor_is_the_nearest() => Property.Holds(Gen.Double[-31.9, 29.9].Select(power => Math.Pow(2, power)), 5000, real =>
    {
        var factor = MultiplierQuantization.Quantize(real)!.Value;
        Assert.That(factor.Multiplier, Is.InRange(1 << 30, int.MaxValue));
        Assert.That(Math.Abs((real * Math.ScaleB(1, 31 - factor.Shift)) - factor.Multiplier), Is.LessThanOrEqualTo(0.5));
    });
}
