using System.Collections.Immutable;
using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Model;
using Pqs.Tests.Codegen;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Statistics;

/// <summary>Counts of whole networks against the literal counter.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class OverflowStatisticsTests
{
    private static int Iterations => Property.IsLong ? 1000 : 25;

    [Test]
    public void Random_networks() => Gen.Select(RandomModel.WithLayers(4), Gen.Int[8, 32], Gen.Int[8, 32]).Sample(
        (builder, a, b) => Check(Graphs.Import(builder), new AccumulatorWidths(Math.Min(a, b), Math.Max(a, b))),
        iter: Iterations,
        threads: 1,
        print: entry => $"{entry.Item2}, {entry.Item3}");

    /// <summary>The activations are those of the model's own accumulators, whatever is counted.</summary>
    [Test]
    public void Random_networks_with_narrow_accumulators() => Gen.Select(RandomModel.WithLayers(4), Gen.Int[0, 1_000_000]).Sample(
        (builder, seed) => Check(NarrowNetworks.Narrow(Graphs.Import(builder), seed), new AccumulatorWidths(8, 18)),
        iter: Iterations,
        threads: 1,
        print: entry => $"seed {entry.Item2}");

    /// <summary>Extreme weights and inputs, and dot products of which the sum fits an accumulator by one.</summary>
    [TestCase(-128, -128)]
    [TestCase(-128, 127)]
    [TestCase(127, -128)]
    [TestCase(127, 127)]
    [TestCase(1, -1)]
    public void Extreme_products(int even, int odd)
    {
        foreach (var zeroPoint in (int[])[-128, 127, 0])
        {
            var builder = new ModelBuilder();
            var input = builder.AddInput([1, 65], 1, zeroPoint);
            ImmutableArray<sbyte> weights = [.. Enumerable.Range(0, 17 * 65).Select(i => (sbyte)(i % 2 == 0 ? even : odd))];
            builder.Output(builder.FullyConnected(input, new Filter(1, 1, 17, weights, [1e-4f], null), new Result(1, 0)));
            var graph = Graphs.Import(builder);
            ImmutableArray<sbyte[]> samples = [.. SampleGenerator.Generate(graph), Single(zeroPoint, 1), Single(zeroPoint, 64), Single(zeroPoint, 65)];
            Check(graph, samples, new AccumulatorWidths(8, 32));
        }

        // So many inputs are one away from the zero point.
        static sbyte[] Single(int zeroPoint, int count) =>
            [.. Enumerable.Range(0, 65).Select(i => (sbyte)(i >= count ? zeroPoint : zeroPoint == 127 ? 126 : zeroPoint + 1))];
    }

    [Test]
    public void Counts_do_not_depend_on_how_samples_are_shared_out()
    {
        var graph = Graphs.Import(EveryLayer.Create());
        var samples = SampleGenerator.Generate(graph);
        using var program = ThirdWitness.Compile(graph, new AccumulatorWidths(8, 20));
        var once = OverflowAnalysis.Run(program, samples);
        var twice = OverflowAnalysis.Run(program, [.. samples, .. samples]);
        foreach (var (first, second) in once.Layers.Zip(twice.Layers))
        {
            Assert.That(second.All.DotProducts, Is.EqualTo(2 * first.All.DotProducts));
            Assert.That(second.All.ByWidth, Is.EqualTo(first.All.ByWidth.Select(counts => counts + counts)));
        }
    }

    [Test]
    public void Progress_counts_every_sample()
    {
        var graph = Graphs.Import(EveryLayer.Create());
        using var program = ThirdWitness.Compile(graph, new AccumulatorWidths(8, 8));
        var done = new System.Collections.Concurrent.ConcurrentBag<int>();
        OverflowAnalysis.Run(program, SampleGenerator.Generate(graph), done.Add);
        Assert.That(done.Order(), Is.EqualTo(Enumerable.Range(1, done.Count)));
        Assert.That(done, Has.Count.EqualTo(SampleGenerator.Generate(graph).Length));
    }

    [Test]
    public void A_third_partys_network()
    {
        var folder = SharedModels.Folder("ad01");
        var diagnostics = new DiagnosticBag();
        var graph = ModelLoader.Load(Path.Combine(folder, "model.tflite"), diagnostics)!;
        var samples = SampleFile.Read(Path.Combine(folder, "inputs.bin"), graph, diagnostics)!.Value;
        Check(graph, [samples[0]], new AccumulatorWidths(11, 16));
    }

    /// <summary>One channel takes as much room as sixteen.</summary>
    [Test]
    public void A_network_that_is_too_large_is_refused()
    {
        const int size = (1 << 22) + 1;
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, size], 1, 0);
        builder.Output(builder.FullyConnected(input, new Filter(1, 1, 1, [.. new sbyte[size]], [1e-4f], null), new Result(1, 0)));
        var diagnostics = new DiagnosticBag();
        var plan = Planner.Plan(Graphs.Import(builder), diagnostics)!;
        Assert.That(NetworkProgram.Create(plan, new AccumulatorWidths(8, 8), diagnostics), Is.Null);
        Assert.That(diagnostics.ToImmutable().Select(diagnostic => diagnostic.Descriptor.Id), Is.EqualTo(new[] { "PQS0801" }));
    }

    private static void Check(Graph graph, AccumulatorWidths widths) => Check(graph, SampleGenerator.Generate(graph), widths);

    private static void Check(Graph graph, ImmutableArray<sbyte[]> samples, AccumulatorWidths widths)
    {
        using var program = ThirdWitness.Compile(graph, widths);
        var statistics = OverflowAnalysis.Run(program, samples);
        var expected = LiteralCounter.Run(graph, samples, widths);
        Assert.That(
            statistics.Layers.Select(layer => layer.Position), Is.EqualTo(expected.Index().Where(entry => entry.Item.Length > 0).Select(entry => entry.Index)));
        foreach (var layer in statistics.Layers)
        {
            foreach (var (channel, (actual, literal)) in layer.Channels.Zip(expected[layer.Position]).Index())
            {
                var place = $"layer {layer.Position}, channel {channel}\n{new ModelCase(graph, samples).Describe()}";
                Assert.That(
                    (actual.DotProducts, actual.SumMinimum, actual.SumMaximum), Is.EqualTo((literal.DotProducts, literal.SumMinimum, literal.SumMaximum)), place);
                Assert.That(actual.ByWidth, Is.EqualTo(literal.ByWidth), place);
            }

            Assert.That(layer.All.DotProducts, Is.EqualTo(layer.Channels.Sum(channel => channel.DotProducts)));
            Assert.That(
                layer.All.ByWidth.Select(counts => counts.Natural), Is.EqualTo(widths.All.Select((_, i) => layer.Channels.Sum(channel => channel.ByWidth[i].Natural))));
        }
    }
}
