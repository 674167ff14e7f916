using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.Codegen;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Statistics;

/// <summary>Emitted C# computes every element of every layer as the interpreter does, which is what the generated C is compared with too.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class EmittedNetworkTests
{
    private static int Iterations => Property.IsLong ? 2000 : 24;

    [Test]
    public void Random_networks() => RandomModel.WithLayers(8).Sample(
        builder => ThirdWitness.Check(ModelCase.Of(Graphs.Import(builder))), iter: Iterations, threads: 1, print: builder => "");

    [Test]
    public void Random_networks_with_narrow_accumulators() => Gen.Select(RandomModel.WithLayers(6), Gen.Int[0, 1_000_000]).Sample(
        (builder, seed) =>
        {
            var graph = Graphs.Import(builder);
            ThirdWitness.Check(ModelCase.Of(NarrowNetworks.Narrow(seed % 2 == 0 ? graph : Graphs.WithSingleRounding(graph), seed)));
        },
        iter: Iterations,
        threads: 1,
        print: entry => $"seed {entry.Item2}");

    /// <summary>Exact sums, and above 16 bits orders that come to the same.</summary>
    [Test]
    public void Random_networks_of_exact_sums() => Gen.Select(RandomModel.WithLayers(6), Gen.Int[8, 24]).Sample(
        (builder, bits) =>
        {
            var schedule = bits <= 16 || bits % 3 == 0 ? Schedule.Exact : bits % 3 == 1 ? Schedule.Alternating : new Schedule.Sorted();
            ThirdWitness.Check(ModelCase.Of(With(Graphs.Import(builder), new Accumulator(bits, schedule))));
        },
        iter: Iterations / 4,
        threads: 1,
        print: entry => $"{entry.Item2} bits");

    /// <summary>Lengths and channels around the steps by which loops advance.</summary>
    [Test]
    public void Matrices_of_every_size()
    {
        foreach (var (index, k) in ((int[])[1, 2, 15, 16, 17, 31, 32, 33, 256, 1000]).Index())
        {
            var dice = new Dice(new PCG(9, (uint)k));
            var builder = new ModelBuilder();
            var input = builder.AddInput([2, k], 1, dice.Pick(-128, 127, 0, 5));
            builder.Output([.. ((int[])[1, 15, 16, 17, 33]).Select(
                channels => builder.FullyConnected(input, Graphs.Filter(dice, 1, 1, channels, k), new Result(1, 9)))]);
            ThirdWitness.Check(ModelCase.Of(Graphs.Import(builder)));
            ThirdWitness.Check(ModelCase.Of(NarrowNetworks.Narrow(Graphs.Import(builder), index)));
        }
    }

    /// <summary>The text depends on the plan alone.</summary>
    [Test]
    public void The_text_is_the_same_each_time_and_names_no_place()
    {
        var plan = Planner.Plan(Graphs.Import(EveryLayer.Create()), new DiagnosticBag())!;
        foreach (var counts in (bool[])[false, true])
        {
            var text = NetworkEmitter.Emit(plan, counts);
            Assert.That(NetworkEmitter.Emit(plan, counts), Is.EqualTo(text));
            Assert.That(text, Does.Not.Contain(AppContext.BaseDirectory).And.Not.Contain("\r"));
            Assert.That(text.Contains("counter.Count", StringComparison.Ordinal), Is.EqualTo(counts));
        }
    }

    [TestCase("kws")]
    [TestCase("resnet8")]
    [TestCase("ad01")]
    public void Third_partys_networks(string model)
    {
        var folder = SharedModels.Folder(model);
        var diagnostics = new DiagnosticBag();
        var graph = ModelLoader.Load(Path.Combine(folder, "model.tflite"), diagnostics)!;
        var samples = SampleFile.Read(Path.Combine(folder, "inputs.bin"), graph, diagnostics)!.Value;
        ThirdWitness.Check(new ModelCase(graph, [.. samples.Take(2)]));
    }

    private static Graph With(Graph graph, Accumulator accumulator) => graph with
    {
        Nodes = [.. graph.Nodes.Select(node => node.Operator is DotProductOperator dot ? node with { Operator = dot with { Accumulator = accumulator } } : node)],
    };
}
