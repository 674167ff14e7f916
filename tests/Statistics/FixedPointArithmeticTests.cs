using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Tests.Statistics;

/// <summary>The arithmetic of emitted networks against the interpreter's, over all that a network can ask for.</summary>
internal sealed class FixedPointArithmeticTests
{
    [Test]
    public void Requantization() => Gen.Select(Gen.Int[0, 31], Gen.Int, Gen.Int[1 << 30, int.MaxValue], Gen.Int[-31, 30]).Sample(
        (width, random, multiplier, shift) =>
        {
            var value = Math.Clamp(random >> width, -(int.MaxValue >> Math.Max(shift + 1, 0)), int.MaxValue >> Math.Max(shift + 1, 0));
            var factor = new Requantization(multiplier, shift);
            return FixedPointArithmetic.RequantizeDouble(value, multiplier, shift) == FixedPoint.Requantize(value, factor, Rounding.Double)
                && FixedPointArithmetic.RequantizeSingle(value, multiplier, shift) == FixedPoint.Requantize(value, factor, Rounding.Single);
        },
        iter: 200_000);

    [Test]
    public void The_zero_multiplier()
    {
        Assert.That(FixedPointArithmetic.RequantizeDouble(-12345, 0, 0), Is.Zero);
        Assert.That(FixedPointArithmetic.RequantizeSingle(-12345, 0, 0), Is.Zero);
    }

    [Test]
    public void Subtraction_of_zero_points() => Gen.Select(Gen.SByte.Array[0, 70], Gen.SByte).Sample((elements, zeroPoint) =>
    {
        var target = new short[elements.Length];
        FixedPointArithmetic.SubtractZeroPoint(elements, zeroPoint, target);
        return target.SequenceEqual(elements.Select(element => (short)(element - zeroPoint)));
    });

    [Test]
    public void Softmax() => Gen.Select(Gen.Int[1 << 30, int.MaxValue], Gen.Int[0, 26], Gen.SByte.Array[1, 300]).Sample(
        (multiplier, shift, row) =>
        {
            var softmax = new Softmax(multiplier, shift, -(int)Math.Floor(31.0 * (1 << 26) / (1 << shift)));
            var (expected, actual) = (new sbyte[row.Length], row.ToArray());
            SoftmaxArithmetic.Row(row, expected, softmax);
            new SoftmaxTable(multiplier, shift, softmax.MinimumDifference).Row(actual, actual);
            return actual.SequenceEqual(expected);
        },
        iter: 5_000);

    /// <summary>Long rows of equal elements have the largest sums.</summary>
    [TestCase(1)]
    [TestCase(2047)]
    [TestCase(2048)]
    [TestCase(4095)]
    public void Softmax_of_equal_elements(int depth)
    {
        var (row, expected, actual) = (new sbyte[depth], new sbyte[depth], new sbyte[depth]);
        SoftmaxArithmetic.Row(row, expected, new Softmax(1 << 30, 20, -1984));
        new SoftmaxTable(1 << 30, 20, -1984).Row(row, actual);
        Assert.That(actual, Is.EqualTo(expected));
    }
}
