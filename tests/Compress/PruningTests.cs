using NUnit.Framework;
using Pqs.Compress.LinearAlgebra;
using Pqs.Compress.Pruning;
using Pqs.Compress.Reconstruction;

namespace Pqs.Tests.Compress;

/// <summary>Which weights are pruned, and what is lost with them.</summary>
internal sealed class PruningTests
{
    [TestCase("2:4", 2, 4, 1)]
    [TestCase("1:16", 1, 16, 1)]
    [TestCase("32:32x8", 32, 32, 8)]
    public void Patterns_are_read(string text, int n, int m, int channels) =>
        Assert.That(SparsityPattern.Parse(text), Is.EqualTo(new SparsityPattern(n, m, channels)));

    [TestCase("")]
    [TestCase("2")]
    [TestCase("2:")]
    [TestCase("5:4")]
    [TestCase("0:4")]
    [TestCase("2:33")]
    [TestCase("2:4x0")]
    [TestCase("2:4x")]
    [TestCase("-2:4")]
    [TestCase("2:4 ")]
    [TestCase("99999999999:4")]
    public void Patterns_that_make_no_sense_are_refused(string text) => Assert.That(SparsityPattern.Parse(text), Is.Null);

    [Test]
    public void Magnitude_keeps_the_greatest_and_the_first_of_equals()
    {
        double[] weights = [3, -3, 3, 1, 0, 0, 0, 0, 2, -5];
        var mask = MagnitudePruning.Select(1, weights.Length, (_, k) => weights[k], new SparsityPattern(2, 4));
        Assert.That(mask.Support(0), Is.EqualTo(new[] { 0, 1, 4, 5, 8, 9 }));
    }

    [Test]
    public void Magnitude_loses_as_little_as_can_be([Values(1, 2, 3)] int channels, [Values("1:2", "2:4", "3:5")] string text)
    {
        var pattern = SparsityPattern.Parse(text + "x" + channels)!;
        var weights = new RandomProblem(channels, 4, 11).Weights;
        var mask = MagnitudePruning.Select(4, 11, (channel, k) => weights[channel, k], pattern);
        Assert.That(mask.Has(pattern), Is.True);
        for (var first = 0; first < 4; first += channels)
        {
            for (var start = 0; start < 11; start += pattern.M)
            {
                var group = Enumerable.Range(start, Math.Min(pattern.M, 11 - start)).ToArray();
                var worth = group.Select(k => Enumerable.Range(first, Math.Min(channels, 4 - first)).Sum(c => weights[c, k] * weights[c, k])).ToArray();
                var kept = group.Where(k => mask[first, k]).Sum(k => worth[k - start]);
                Assert.That(kept, Is.EqualTo(worth.OrderDescending().Take(pattern.N).Sum()).Within(1e-12));
                Assert.That(Enumerable.Range(first, Math.Min(channels, 4 - first)).All(c => group.All(k => mask[c, k] == mask[first, k])), Is.True);
            }
        }
    }

    [Test]
    public void Least_squares_is_the_best_for_its_weights([Values] bool isCentred, [Values(0, 0.3)] double difference)
    {
        var data = new RandomProblem(1, 3, 12, difference: difference);
        var problem = data.Problem(isCentred);
        var mask = MagnitudePruning.Select(3, 12, (channel, k) => data.Weights[channel, k], new SparsityPattern(2, 4));
        for (var channel = 0; channel < 3; channel++)
        {
            var best = Scatter(Target(problem, data, mask, channel), 12);
            var error = Error(data, problem, channel, best);
            foreach (var k in mask.Support(channel))
            {
                foreach (var step in (double[])[-0.01, 0.01])
                {
                    var other = best.ToArray();
                    other[k] += step;
                    Assert.That(Error(data, problem, channel, other), Is.GreaterThan(error));
                }
            }
        }
    }

    [Test]
    public void Errors_of_the_problem_are_errors_on_the_data([Values] bool isCentred)
    {
        var data = new RandomProblem(2, 1, 10, difference: 0.2);
        var problem = data.Problem(isCentred);
        var target = ChannelTarget.ForSupport(problem, [.. Enumerable.Range(0, 10)]).LeastSquares(problem, data.Weights.Row(0));
        var best = Scatter(target, 10);
        var other = best.Select((value, k) => value + (0.1 * k)).ToArray();
        var byData = Error(data, problem, 0, other) - Error(data, problem, 0, best);
        Assert.That(target.Error(Array.ConvertAll(target.Support, k => other[k])), Is.EqualTo(byData).Within(1e-6 * byData));
    }

    [TestCase("2:4")]
    [TestCase("1:4")]
    [TestCase("4:16")]
    [TestCase("1:1")]
    [TestCase("2:4x2")]
    public void Compensation_never_loses_more_than_magnitude_alone_and_its_choice_less_on_average(string text)
    {
        var pattern = SparsityPattern.Parse(text)!;
        var (chosen, magnitude) = (0.0, 0.0);
        for (var seed = 0; seed < 12; seed++)
        {
            var data = new RandomProblem(seed, 4, 19, difference: seed % 2 * 0.2);
            var problem = data.Problem(isCentred: true);
            var plain = MagnitudePruning.Select(4, 19, (channel, k) => data.Weights[channel, k], pattern);
            var mask = CompensatedPruning.Select(problem, Cholesky.Factor(problem.Hessian)!, data.Weights, pattern);
            Assert.That(mask.Has(pattern), Is.True);
            Assert.That(mask.Kept, Is.EqualTo(plain.Kept));
            for (var channel = 0; channel < 4; channel++)
            {
                Assert.That(mask.Support(channel), pattern.Channels == 1 ? Is.Not.Empty : Is.EqualTo(mask.Support(channel / 2 * 2)));
                var alone = Enumerable.Range(0, 19).Select(k => plain[channel, k] ? data.Weights[channel, k] : 0).ToArray();
                var compensated = Error(data, problem, channel, Scatter(Target(problem, data, plain, channel), 19));
                Assert.That(compensated, Is.LessThanOrEqualTo((Error(data, problem, channel, alone) * (1 + 1e-9)) + 1e-20));
                magnitude += compensated;
                chosen += Error(data, problem, channel, Scatter(Target(problem, data, mask, channel), 19));
            }
        }

        Assert.That(chosen, pattern.IsDense ? Is.EqualTo(magnitude).Within(1e-6) : Is.LessThan(magnitude));
    }

    [Test]
    public void The_choice_is_near_the_best_of_all()
    {
        var (chosen, best) = (0.0, 0.0);
        for (var seed = 0; seed < 20; seed++)
        {
            var data = new RandomProblem(seed, 1, 8);
            var problem = data.Problem(isCentred: true);
            var mask = CompensatedPruning.Select(problem, Cholesky.Factor(problem.Hessian)!, data.Weights, new SparsityPattern(2, 4));
            chosen += Error(data, problem, 0, Scatter(Target(problem, data, mask, 0), 8));
            best += AllMasks().Min(other => Error(data, problem, 0, Scatter(Target(problem, data, other, 0), 8)));
        }

        Assert.That(chosen, Is.InRange(best * (1 - 1e-9), best * 1.5));
    }

    private static IEnumerable<PruningMask> AllMasks()
    {
        for (var bits = 0; bits < 256; bits++)
        {
            var mask = new PruningMask(1, 8);
            for (var k = 0; k < 8; k++)
            {
                mask[0, k] = (bits >> k & 1) != 0;
            }

            if (mask.Has(new SparsityPattern(2, 4)) && mask.Kept == 4)
            {
                yield return mask;
            }
        }
    }

    private static ChannelTarget Target(LayerProblem problem, RandomProblem data, PruningMask mask, int channel) =>
        ChannelTarget.ForSupport(problem, mask.Support(channel)).LeastSquares(problem, data.Weights.Row(channel));

    private static double[] Scatter(ChannelTarget target, int products)
    {
        var weights = new double[products];
        foreach (var (k, value) in target.Support.Zip(target.Values))
        {
            weights[k] = value;
        }

        return weights;
    }

    private static double Error(RandomProblem data, LayerProblem problem, int channel, double[] weights) =>
        data.OutputError(channel, weights, problem.Bias(0, data.Weights.Row(channel), weights), problem.Damping);
}
