using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Reference;

internal sealed class SoftmaxTests
{
    /// <summary>Scales of every size, and as often such that a few values share the weight, since there every bit of the arithmetic counts.</summary>
    private static readonly Gen<(float Scale, sbyte[] Row)> Rows = Gen.OneOf(
        Gen.Select(Power(-25, 3.99), Gen.OneOf(Gen.SByte, Gen.OneOf<sbyte>(-128, 127), Gen.SByte[100, 127]).Array[1, 60]),
        Gen.Select(Power(-7, -2), Gen.SByte[-20, 20].Array[2, 12]));

    [Test]
    public void Every_row_is_the_oracles() => Property.Holds(Rows, 8000, pair =>
        Assert.That(Row(pair.Row, pair.Scale), Is.EqualTo(SoftmaxOracle.Rows(pair.Row, pair.Row.Length, Describe(pair.Scale)))));

    /// <summary>Against the real function: the fixed-point one is off by less than one step, rounding included.</summary>
    [Test]
    public void Every_value_is_within_a_step_of_the_real_softmax() => Property.Holds(Rows, 3000, pair =>
    {
        var exponentials = pair.Row.Select(x => Math.Exp(pair.Scale * (x - pair.Row.Max()))).ToArray();
        var output = Row(pair.Row, pair.Scale);
        for (var i = 0; i < output.Length; i++)
        {
            var real = Math.Min(256 * exponentials[i] / exponentials.Sum(), 255);
            Assert.That(output[i] + 128, Is.EqualTo(real).Within(1), $"element {i}");
        }
    });

    [Test]
    public void A_larger_input_never_gives_less() => Property.Holds(Rows, 2000, pair =>
    {
        var output = Row(pair.Row, pair.Scale);
        Assert.That(pair.Row.Zip(output).OrderBy(entry => entry.First).ThenBy(entry => entry.Second).Select(entry => entry.Second), Is.Ordered);
        Assert.That(pair.Row.Zip(output).Distinct().Count(), Is.EqualTo(pair.Row.Distinct().Count()), "equal inputs give equal outputs");
    });

    [Test]
    public void A_row_sums_to_nearly_one() => Property.Holds(Rows, 2000, pair =>
        Assert.That(Row(pair.Row, pair.Scale).Sum(y => y + 128), Is.EqualTo(256).Within(1 + (pair.Row.Length / 2))));

    [Test]
    public void The_longest_row_that_is_admitted_can_be_summed()
    {
        var row = new sbyte[4095];
        Assert.That(Row(row, 1).Distinct(), Is.EqualTo(new sbyte[] { -128 }));
        row[17] = 127;
        Assert.That(Row(row, 1)[17], Is.EqualTo(127));
    }

    [Test]
    public void A_single_value_has_all_the_weight() => Assert.That(Row([-5], 0.1f), Is.EqualTo(new sbyte[] { 127 }));

    private static Gen<float> Power(double minimum, double maximum) => Gen.Double[minimum, maximum].Select(power => (float)Math.Pow(2, power));

    private static sbyte[] Row(sbyte[] input, float scale)
    {
        var output = new sbyte[input.Length];
        SoftmaxArithmetic.Row(input, output, Describe(scale));
        return output;
    }

    private static Softmax Describe(float scale) => ExpectedValues.Softmax(new Activation(0, "x", [1], scale, 0), 1);
}
