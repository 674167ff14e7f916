using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Analysis;
using Pqs.Codegen.Statistics;
using Pqs.Tests.Reference;

namespace Pqs.Tests.Statistics;

/// <summary>Lists of products, measured side by side, against the literal orders at each width.</summary>
internal sealed class OverflowCounterTests
{
    private const int Largest = 128 * 255;

    private static readonly AccumulatorWidths Widths = new(8, 32);

    private static int Iterations => Property.IsLong ? 30_000 : 500;

    /// <summary>Magnitudes around each power of two, small ones that often cancel, the largest possible ones, and any.</summary>
    private static Gen<int> Product { get; } = Gen.OneOf(
        Gen.Select(Gen.Int[0, 15], Gen.Int[-1, 1], Gen.Bool)
            .Select((exponent, offset, isNegative) => Math.Clamp(((1 << exponent) + offset) * (isNegative ? -1 : 1), -Largest, Largest)),
        Gen.Int[-3, 3],
        Gen.OneOf(Gen.Const(Largest), Gen.Const(-Largest), Gen.Const(0)),
        Gen.Int[-Largest, Largest]);

    [Test]
    public void Every_kind_at_every_width() => Gen.Int[0, 45].SelectMany(length => Product.Array[length].Array[1, 40]).Sample(Check, iter: Iterations);

    /// <summary>Products that nearly cancel: sums that fit narrow accumulators although parts of them do not.</summary>
    [Test]
    public void Sums_that_cancel() => Gen.Int[1, 20].SelectMany(length => Product.Array[length].Array[16])
        .Select(Gen.Int[0, 1_000], Mirror).Sample(Check, iter: Iterations);

    [Test]
    public void Long_lists() => Gen.Int[100, 700].SelectMany(length => Product.Array[length].Array[1, 17]).Sample(Check, iter: Iterations / 50);

    /// <summary>In sorted order two products of 200 and -200 cancel; at 8 bits they do too, though neither fits. 200 with -100 does not.</summary>
    [Test]
    public void A_product_that_does_not_fit()
    {
        Assert.That(Count([200, -200, 5], 8), Is.EqualTo(new OverflowCounts(0, 1, 0, 0)));
        Assert.That(Count([200, -60, -60], 8), Is.EqualTo(new OverflowCounts(0, 1, 1, 1)));
        Assert.That(Count([200, -60, -60], 9), Is.EqualTo(default(OverflowCounts)));
        Assert.That(Count([127, 1, -1], 8), Is.EqualTo(new OverflowCounts(0, 1, 0, 0)));
        Assert.That(Count([127, 1], 8), Is.EqualTo(new OverflowCounts(1, 0, 0, 0)));
        Assert.That(Count([-127, -1], 8), Is.EqualTo(default(OverflowCounts)));
        Assert.That(Count([60, -1, 120, -5, -100], 8), Is.EqualTo(new OverflowCounts(0, 1, 0, 0)));
        Assert.That(Count([120, 120, -119, -119, 60, 60, -5, -5], 8), Is.EqualTo(new OverflowCounts(0, 1, 0, 0)));
    }

    private static int[][] Mirror(int[][] lists, int seed) => [.. lists.Select((list, lane) =>
    {
        var mirrored = list.Concat(list.Select((product, i) => Math.Clamp((i % 3) - product, -Largest, Largest))).ToArray();
        new Random(seed + lane).Shuffle(mirrored);
        return mirrored;
    })];

    /// <param name="lists">By channel: the products of one dot product; all of one length.</param>
    private static void Check(int[][] lists)
    {
        var tally = Measure(lists, Widths);
        var narrow = Measure(lists, new AccumulatorWidths(12, 15));
        foreach (var (channel, products) in lists.Index())
        {
            var sum = products.Sum();
            Assert.That((tally.Minimum[channel], tally.Maximum[channel], tally.Total(channel)), Is.EqualTo((sum, sum, 1L)));
            foreach (var width in Widths.All)
            {
                var expected = LiteralOrders.Count(products, width);
                Assert.That(Counts(tally, channel, width), Is.EqualTo(expected), $"{width} bits: {string.Join(' ', products)}");
                if (width is >= 12 and <= 15)
                {
                    Assert.That(Counts(narrow, channel, width), Is.EqualTo(expected), $"{width} bits in 12 to 15: {string.Join(' ', products)}");
                }
            }
        }
    }

    private static OverflowCounts Count(int[] products, int width)
    {
        Check([products]);
        return Counts(Measure([products], Widths), 0, width);
    }

    private static OverflowCounts Counts(OverflowTally tally, int channel, int width) => OverflowAnalysis.Counts(tally, channel, width);

    private static OverflowTally Measure(int[][] lists, AccumulatorWidths widths)
    {
        var depth = lists[0].Length;
        var unproven = new ChannelBounds(int.MinValue, int.MaxValue, int.MinValue, int.MaxValue, Largest, depth);
        var counter = new OverflowCounter([.. lists.Select(_ => unproven)], depth, widths);
        foreach (var (block, channels) in lists.Chunk(LayerTables.Lanes).Index())
        {
            for (var k = 0; k < depth; k++)
            {
                counter.Products[k] = System.Runtime.Intrinsics.Vector256.Create<short>(
                    [.. Enumerable.Range(0, LayerTables.Lanes).Select(lane => lane < channels.Length ? (short)channels[lane][k] : (short)0)]);
            }

            counter.Count(counter.Products, block, new int[LayerTables.Lanes]);
        }

        return counter.Complete();
    }
}
