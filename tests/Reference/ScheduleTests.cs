using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Model;
using Pqs.Reference.Numerics;

namespace Pqs.Tests.Reference;

/// <summary>The schedules of docs/numerics.md: worked examples, and the equivalence with its premises at their edges.</summary>
internal sealed class ScheduleTests
{
    private static readonly Schedule Sorted = new Schedule.Sorted();

    [Test]
    public void Natural_order_clips_on_the_way() =>
        Assert.That(Accumulate(8, Schedule.Natural, 100, 100, -100), Is.EqualTo(27));

    [Test]
    public void Sorted_order_does_not() => Assert.That(Accumulate(8, Sorted, 100, 100, -100), Is.EqualTo(100));

    [Test]
    public void One_round_pairs_the_largest_with_the_most_negative() =>

        // 120 − 5, 60 − 1, then 59 + 115 clips.
        Assert.That(Accumulate(8, new Schedule.Sorted(Rounds: 1), 60, -1, 120, -5), Is.EqualTo(127));

    [Test]
    public void What_remains_is_added_small_to_large_the_negative_first() =>

        // No round is left after the first, whose sums are 3 and −3: −3, then 3.
        Assert.That(Accumulate(8, new Schedule.Sorted(Rounds: 1), 10, -7, 4, -7), Is.Zero);

    [Test]
    public void Tiles_are_reduced_by_themselves_and_added_in_order() =>

        // 127 + 127 − 127 − 127 in tiles of two: 127 (clipped), then −128 (clipped).
        Assert.That(Accumulate(8, new Schedule.Sorted(Tile: 2), 127, 127, -127, -127), Is.EqualTo(-1));

    [Test]
    public void A_zero_product_of_a_kept_weight_takes_its_place_in_a_tile() => Assert.That(
        Accumulate(8, new Schedule.Sorted(Tile: 2), 0, 127, 127, -127),
        Is.Not.EqualTo(Accumulate(8, new Schedule.Sorted(Tile: 2), 127, 127, -127)));

    [Test]
    public void Nothing_and_zeros_sum_to_zero() => Assert.Multiple(() =>
    {
        foreach (var schedule in (Schedule[])[Sorted, Schedule.Alternating, Schedule.Natural, Schedule.Exact, new Schedule.Sorted(2, 3)])
        {
            Assert.That(Accumulate(8, schedule), Is.Zero);
            Assert.That(Accumulate(8, schedule, 0, 0, 0), Is.Zero);
        }
    });

    /// <summary>With every product at most 2^(P−1)−1 in magnitude, both orders give what <c>exact</c> gives by definition: the sum, saturated once.</summary>
    [Test]
    public void Sorted_and_alternating_give_the_exact_sum_within_their_premise() =>
        Gen.Select(Gen.Int[8, 31], Gen.Int[1, 40]).SelectMany((bits, count) => Products(bits, count).Select(products => (bits, products))).Sample(
            pair =>
            {
                var expected = FixedPoint.Saturate(pair.products.Sum(product => (long)product), pair.bits);
                return ((Schedule[])[Schedule.Exact, Sorted, Schedule.Alternating]).All(schedule => Accumulate(pair.bits, schedule, pair.products) == expected);
            },
            iter: 20_000);

    /// <summary>The premise is sufficient: a product of 2^(P−1) in magnitude, one beyond it, does no harm yet; the next one does.</summary>
    [Test]
    public void The_premise_is_needed() => Assert.Multiple(() =>
    {
        foreach (var schedule in (Schedule[])[Sorted, Schedule.Alternating])
        {
            Assert.That(Accumulate(8, schedule, 127, -127), Is.Zero);
            Assert.That(Accumulate(8, schedule, 128, -128, 127, -127), Is.Zero);
        }

        Assert.That(Accumulate(8, Schedule.Exact, 129, -129), Is.Zero);
        Assert.That(Accumulate(8, Schedule.Alternating, 129, -129), Is.EqualTo(1));
        Assert.That(Accumulate(8, new Schedule.Sorted(Rounds: 1), 129, -129, 100), Is.EqualTo(100));
        Assert.That(Accumulate(8, Sorted, 300, -100, -100), Is.Not.EqualTo(FixedPoint.Saturate(100, 8)));
    });

    [TestCase("natural")]
    [TestCase("wide")]
    [TestCase("alternating")]
    [TestCase("bounded")]
    [TestCase("exact")]
    [TestCase("sorted")]
    [TestCase("sorted:rounds=3")]
    [TestCase("sorted:tile=16")]
    [TestCase("sorted:rounds=3,tile=16")]
    public void A_schedule_is_written_as_it_is_read(string text) => Assert.That(ScheduleText.Parse(text)?.Name, Is.EqualTo(text));

    [TestCase("")]
    [TestCase("sort")]
    [TestCase("Natural")]
    [TestCase("sorted:")]
    [TestCase("sorted:rounds")]
    [TestCase("sorted:rounds=")]
    [TestCase("sorted:rounds=-1")]
    [TestCase("sorted:rounds=1,rounds=2")]
    [TestCase("sorted:tile=99999999999")]
    public void Other_texts_are_no_schedule(string text) => Assert.That(ScheduleText.Parse(text), Is.Null);

    private static Gen<int[]> Products(int bits, int count)
    {
        var limit = (1 << (bits - 1)) - 1;
        return Gen.OneOf(Gen.Int[-limit, limit], Gen.OneOf(Gen.Const(-limit), Gen.Const(limit), Gen.Const(0)), Gen.Int[-3, 3]).Array[count];
    }

    private static int Accumulate(int bits, Schedule schedule, params int[] products) =>
        Accumulation.Accumulate(products, new Accumulator(bits, schedule));
}
