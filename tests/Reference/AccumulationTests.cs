using System.Numerics;
using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Model;
using Pqs.Reference.Numerics;

namespace Pqs.Tests.Reference;

internal sealed class AccumulationTests
{
    [TestCase(8, new[] { 127, 1, -1 }, 126)]
    [TestCase(8, new[] { -128, -1, 1 }, -127)]
    [TestCase(16, new[] { 32767, 1, -32768 }, -1)]
    [TestCase(16, new[] { 32640, 32640, -32640 }, 127)]
    [TestCase(32, new[] { int.MaxValue, 1, -1 }, int.MaxValue - 1)]
    [TestCase(12, new int[0], 0)]
    public void Each_addition_saturates(int bits, int[] products, int expected) =>
        Assert.That(Accumulation.Accumulate(products, new Accumulator(bits, Schedule.Natural)), Is.EqualTo(expected));

    [Test]
    public void Each_addition_saturates_at_every_width() =>
        Property.Holds(Gen.Select(Gen.Int[8, 32], Gen.Int[-128 * 255, 127 * 255].Array[0, 40]), 3000, pair =>
        {
            var (bits, products) = pair;
            var expected = products.Aggregate(BigInteger.Zero, (sum, product) => ExactArithmetic.Saturate(sum + product, bits));
            Assert.That((BigInteger)Accumulation.Accumulate(products, new Accumulator(bits, Schedule.Natural)), Is.EqualTo(expected));
        });

    [Test]
    public void Wide_is_the_plain_sum() => Property.Holds(Gen.Int[-128 * 255, 127 * 255].Array[0, 200], 1000, products =>
        Assert.That(Accumulation.Accumulate(products, Accumulator.Wide), Is.EqualTo(products.Sum())));

    [Test]
    public void An_accumulators_bounds_are_those_of_its_width()
    {
        for (var bits = 8; bits <= 32; bits++)
        {
            var accumulator = new Accumulator(bits, Schedule.Natural);
            Assert.That((accumulator.Minimum, accumulator.Maximum), Is.EqualTo(((int)-(1L << (bits - 1)), (int)((1L << (bits - 1)) - 1))));
        }
    }
}
