using NUnit.Framework;
using Pqs.Compress.Pruning;
using Pqs.Compress.Requests;
using Pqs.Compress.Sensitivity;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.Compress;

/// <summary>How a budget is divided among layers.</summary>
internal sealed class BudgetTests
{
    private static readonly FloatGraph Network = FloatNetworks.EveryOperator();

    [Test]
    public void Choices_keep_to_the_limit_and_are_near_the_best()
    {
        var random = new Random(1);
        for (var round = 0; round < 50; round++)
        {
            LayerOptions[] layers = [.. Enumerable.Range(0, 4).Select(index => Random(random, index))];
            var limit = (long)(layers.Sum(layer => layer.Options[0].Cost) * (0.3 + (0.6 * random.NextDouble())));
            var all = Combinations(layers).Where(options => options.Sum(option => option.Cost) <= limit).ToArray();
            var chosen = BudgetSearch.Run(layers, limit);
            Assert.That(chosen == null, Is.EqualTo(all.Length == 0));
            if (chosen != null)
            {
                var options = layers.Select(layer => layer.Options.Single(option => option.Choice == chosen[layer.Index])).ToArray();
                Assert.That(options.Sum(option => option.Cost), Is.LessThanOrEqualTo(limit));
                Assert.That(options.Sum(option => option.Error), Is.LessThanOrEqualTo((2 * all.Min(other => other.Sum(option => option.Error))) + 0.3));
            }
        }
    }

    [TestCase("2:4", 8, 4, 20)]
    [TestCase("2:4", 6, 4, 16)]
    [TestCase("1:16", 8, 24, 24)]
    [TestCase("1:1", 4, 3, 12)]
    [TestCase("2:4x8", 8, 4, 17)]
    public void Bytes_are_those_of_weights_and_positions(string pattern, int bits, int products, long expected)
    {
        // Eight channels. 2:4 of 4 keeps 16 weights, with 2 bits of position each; 1:16 of 24 keeps 2 in each channel, with 4 bits of position.
        var choice = new LayerChoice(SparsityPattern.Parse(pattern)!, bits);
        Assert.That(choice.Cost(BudgetKind.WeightBytes, 8, products, 100), Is.EqualTo(expected));
        Assert.That(choice.Cost(BudgetKind.Macs, 8, products, 100), Is.EqualTo(choice.Cost(BudgetKind.Macs, 8, products, 1) * 100));
    }

    [TestCase(BudgetKind.WeightBytes, 0.6)]
    [TestCase(BudgetKind.Macs, 0.85)]
    public void A_network_keeps_to_its_budget(BudgetKind kind, double part)
    {
        var settings = CompressorTests.Settings("1:4", 4);
        var samples = FloatNetworks.Samples(Network, 30);
        var dense = Cost(CompressorTests.Compress(Network, samples, CompressorTests.Settings()).Graph, kind);
        var diagnostics = new DiagnosticBag();
        var weights = BudgetPlanner.Run(Network, samples, settings, new Budget(kind, (long)(part * dense)), _ => { }, diagnostics)!;
        Assert.That(diagnostics.ToImmutable(), Is.Empty);
        var graph = CompressorTests.Compress(Network, samples, settings with { Weights = weights }).Graph;
        Assert.That(Cost(graph, kind), Is.LessThanOrEqualTo(part * dense));

        // No more was taken away than had to be.
        Assert.That(Cost(graph, kind), Is.GreaterThan(0.6 * part * dense));
    }

    [Test]
    public void A_budget_that_cannot_be_met_names_what_can()
    {
        var diagnostics = new DiagnosticBag();
        var weights = BudgetPlanner.Run(
            Network, FloatNetworks.Samples(Network, 10), CompressorTests.Settings("2:4", 4), new Budget(BudgetKind.WeightBytes, 100), _ => { }, diagnostics);
        Assert.That((weights, diagnostics.ToImmutable().Single().Descriptor.Id), Is.EqualTo(((WeightRequests?)null, "PQS0914")));
    }

    [Test]
    public void What_is_asked_for_by_name_stays()
    {
        var named = new SparsityPattern(1, 8);
        var settings = CompressorTests.Settings("1:4", 4);
        settings = settings with
        {
            Weights = settings.Weights with { Pruning = settings.Weights.Pruning with { Layers = [new("FULLY_CONNECTED", named)] } },
        };
        var samples = FloatNetworks.Samples(Network, 10);
        var weights = BudgetPlanner.Run(Network, samples, settings, new Budget(BudgetKind.Macs, long.MaxValue), _ => { }, new DiagnosticBag())!;
        Assert.That(weights.Pruning.Numbered.Values.Count(pattern => pattern == named), Is.EqualTo(1));
        Assert.That(weights.Pruning.Numbered.Values.Count(pattern => pattern.IsDense), Is.EqualTo(weights.Pruning.Numbered.Count - 1));
        Assert.That(weights.Bits.Numbered.Values, Is.All.EqualTo(8));
    }

    private static long Cost(Graph graph, BudgetKind kind) => kind == BudgetKind.Macs
        ? graph.Nodes.Sum(node => WorkCount.NonZeroMacs(graph, node))
        : graph.Nodes.Select(node => node.Operator).OfType<DotProductOperator>().Sum(dot =>
            (dot.Weights.LongCount(weight => weight != 0) * dot.Weights.Max(weight => 33 - System.Numerics.BitOperations.LeadingZeroCount((uint)(weight < 0 ? ~weight : weight))) / 8));

    private static LayerOptions Random(Random random, int index)
    {
        var (cost, error) = (random.Next(100, 1000), 0.0);
        var options = new List<(LayerChoice, long, double)>();
        for (var bits = 8; bits >= 5; bits--)
        {
            options.Add((new LayerChoice(SparsityPattern.Dense, bits), cost, error));
            (cost, error) = ((int)(cost * (0.5 + (0.4 * random.NextDouble()))), error + (random.NextDouble() * random.NextDouble()));
        }

        return new LayerOptions(index, [.. options]);
    }

    private static IEnumerable<(LayerChoice Choice, long Cost, double Error)[]> Combinations(LayerOptions[] layers)
    {
        for (var number = 0; number < Math.Pow(4, layers.Length); number++)
        {
            var rest = number;
            yield return [.. layers.Select(layer =>
            {
                var option = layer.Options[rest % 4];
                rest /= 4;
                return option;
            })];
        }
    }
}
