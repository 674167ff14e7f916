using NUnit.Framework;
using Pqs.Compress.Quantizing;
using Pqs.Compress.Reconstruction;

namespace Pqs.Tests.Compress;

/// <summary>Rounding of weights: what error feedback gains, and that an accumulator's limit is kept.</summary>
internal sealed class WeightQuantizationTests
{
    [Test]
    public void Error_feedback_gains_over_plain_rounding_and_descent_over_both([Values(2, 3, 4, 8)] int bits)
    {
        var grid = WeightGrid.OfBits(bits);
        var (plain, feedback, descended) = (0.0, 0.0, 0.0);
        for (var seed = 0; seed < 20; seed++)
        {
            var target = Target(seed, 16);
            var scale = ScaleSearch.Covering(target.Values, grid);
            var integers = Array.ConvertAll(target.Values, value => grid.Nearest(value / scale));
            plain += Error(target, integers, scale);

            var returned = ErrorFeedback.Round(target, scale, grid, integers);
            Assert.That(returned, Is.EqualTo(Error(target, integers, scale)).Within(1e-6 * returned));
            feedback += returned;

            new CoordinateDescent(target, scale, grid, integers).Run(null);
            Assert.That(Error(target, integers, scale), Is.LessThanOrEqualTo(returned * (1 + 1e-9)));
            Assert.That(integers, Is.All.InRange(-grid.Limit, grid.Limit));
            descended += Error(target, integers, scale);
        }

        Assert.That(feedback, Is.LessThan(plain));
        Assert.That(descended, Is.LessThanOrEqualTo(feedback));
    }

    [Test]
    public void Rounding_is_near_the_best_of_all()
    {
        var grid = WeightGrid.OfBits(2);
        var (found, best) = (0.0, 0.0);
        for (var seed = 0; seed < 20; seed++)
        {
            var target = Target(seed, 5);
            var scale = ScaleSearch.Covering(target.Values, grid);
            var integers = new int[5];
            ErrorFeedback.Round(target, scale, grid, integers);
            new CoordinateDescent(target, scale, grid, integers).Run(null);
            found += Error(target, integers, scale);
            best += Enumerable.Range(0, 243).Min(number => Error(target, [.. Enumerable.Range(0, 5).Select(i => (number / (int)Math.Pow(3, i) % 3) - 1)], scale));
        }

        Assert.That(found, Is.InRange(best * (1 - 1e-9), best * 1.3));
    }

    [Test]
    public void The_scale_search_is_no_worse_than_covering([Values(2, 4, 8)] int bits, [Values] bool hasFeedback)
    {
        var (searched, covering) = (0.0, 0.0);
        for (var seed = 0; seed < 10; seed++)
        {
            var target = Target(seed, 16);
            searched += ChannelError(target, new ChannelQuantizer(WeightGrid.OfBits(bits), hasFeedback, true, null, null));
            covering += ChannelError(target, new ChannelQuantizer(WeightGrid.OfBits(bits), hasFeedback, false, null, null));
        }

        Assert.That(searched, Is.LessThanOrEqualTo(covering));
    }

    [Test]
    public void A_limit_is_kept([Values(9, 10, 12, 16)] int bits, [Values(0, -100)] int low, [Values] bool hasFeedback)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var target = Target(seed, 40);
            var limit = new AccumulatorLimit(low, 255, bits);
            var channel = new ChannelQuantizer(WeightGrid.OfBits(8), hasFeedback, true, limit, null).Quantize(target, 40, 1e-9);
            var (positive, negative) = (channel.Weights.Where(w => w > 0).Sum(), -channel.Weights.Where(w => w < 0).Sum());
            var worst = (Greatest: (255L * positive) - ((long)low * negative), Least: ((long)low * positive) - (255L * negative));
            Assert.That(worst.Greatest, Is.LessThanOrEqualTo((1L << (bits - 1)) - 1));
            Assert.That(worst.Least, Is.GreaterThanOrEqualTo(-(1L << (bits - 1))));
            Assert.That(channel.Weights, bits > (hasFeedback ? 9 : 10) ? Has.Some.Not.Zero : Is.Not.Empty);
        }
    }

    [Test]
    public void Weights_of_zero_stay_zero_and_have_a_scale()
    {
        var target = Target(1, 4) with { Values = new double[4] };
        var channel = new ChannelQuantizer(WeightGrid.OfBits(8), true, true, null, null).Quantize(target, 4, 0.25);
        Assert.That((channel.Weights, channel.Scale), Is.EqualTo((new int[4], 0.25f)));
    }

    private static ChannelTarget Target(int seed, int products)
    {
        var data = new RandomProblem(seed, 1, products);
        var problem = data.Problem(isCentred: true);
        return ChannelTarget.ForSupport(problem, [.. Enumerable.Range(0, products)]).LeastSquares(problem, data.Weights.Row(0));
    }

    private static double ChannelError(ChannelTarget target, ChannelQuantizer quantizer)
    {
        var channel = quantizer.Quantize(target, target.Values.Length, 1e-9);
        return target.Error(Array.ConvertAll(target.Support, k => channel.Weights[k] * (double)channel.Scale));
    }

    private static double Error(ChannelTarget target, int[] integers, double scale) => target.Error(Array.ConvertAll(integers, integer => integer * scale));
}
