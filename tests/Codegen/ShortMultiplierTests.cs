using System.Collections.Immutable;
using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Emulation;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Tests.Reference;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>Networks whose multipliers have 15 bits: cores without a long multiplication have code of their own for them.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class ShortMultiplierTests
{
    private static readonly ImmutableArray<KernelTier> Tier = [.. KernelTier.All.Where(tier => tier.Name == "no-long-multiply")];

    private static readonly string[] Cores = ["cortex-m0", "cortex-m0plus"];

    private static string[] Compilers => ["gcc", "clang-16"];

    [Test]
    public void Random_networks([ValueSource(nameof(Compilers))] string compiler)
    {
        Tools.Require(compiler);
        RandomModel.WithLayers(8).Array[60].Sample(
            batch => ModelBatch.Check(compiler, WithBothRoundings(batch.Select(builder => Graphs.Import(builder))), Tier),
            iter: Property.IsLong ? 40 : 1,
            threads: 1,
            print: batch => $"{batch.Length} networks");
    }

    [Test]
    public void Pruned_networks([ValueSource(nameof(Compilers))] string compiler)
    {
        Tools.Require(compiler);
        var graphs = Enumerable.Range(0, Property.IsLong ? 600 : 60).Select(number => PrunedNetworks.Single((uint)number));
        ModelBatch.Check(compiler, [.. graphs.Select(graph => ModelCase.Of(Graphs.WithShortMultipliers(graph)))], Tier);
    }

    /// <summary>Biases that bring sums to the ends of what the graph's verifier allows, for every shift, and multipliers at both ends.</summary>
    [Test]
    public void Sums_at_the_ends_of_their_range([ValueSource(nameof(Compilers))] string compiler)
    {
        Tools.Require(compiler);
        ModelBatch.Check(compiler, [.. ExtremeSums().Select(ModelCase.Of)], KernelTier.All);
    }

    [Test]
    public async Task Cores_without_a_long_multiplication()
    {
        Tools.Require("arm-none-eabi-gcc", Qemu.Tool);
        var random = Graphs.WithShortMultipliers(WithBothRoundings([Graphs.Import(RandomModel.Numbered(300, 40))])[0].Graph);
        foreach (var graph in new[] { random, NarrowNetworks.Narrow(random, 3), Graphs.WithShortMultipliers(PrunedNetworks.Many(7, 24)) })
        {
            await Targeted.VerifyAsync(ModelCase.Of(graph), Cores, target => ModelBatch.Plan(graph, null, target.Costs));
        }
    }

    private static ImmutableArray<ModelCase> WithBothRoundings(IEnumerable<Graph> graphs) =>
        [.. graphs.Select((graph, index) => ModelCase.Of(Graphs.WithShortMultipliers(index % 2 == 0 ? graph : Graphs.WithSingleRounding(graph))))];

    /// <summary>Convolutions of each kind of kernel: dense blocks, pruned ones, planes of 3x3 taps and of others.</summary>
    private static IEnumerable<Graph> ExtremeSums()
    {
        foreach (var rounding in Enum.GetValues<Rounding>())
        {
            for (var shift = -31; shift < 0; shift++)
            {
                var builder = new ModelBuilder();
                var dice = new Dice(new PCG(31, (uint)-shift));
                var input = builder.AddInput([1, 5, 6, 4], 1, 0);
                var graph = Graphs.Import(builder.Output(
                    builder.Conv2D(input, Graphs.Filter(dice, 1, 1, 4, 4), new Result(1, 3)),
                    builder.Conv2D(input, new Pruning(2, 4, 6).Filter(dice, 3, 3, 4, 36), new Result(1, -5)),
                    builder.DepthwiseConv2D(input, Graphs.Filter(dice, 3, 3, 4, 9), new Result(1, 7)),
                    builder.DepthwiseConv2D(input, Graphs.Filter(dice, 2, 2, 4, 4), new Result(1, 0))));
                yield return Verified(graph with
                {
                    Nodes = [.. graph.Nodes.Select(node => node with { Operator = AtTheEnds((DotProductOperator)node.Operator, rounding, shift) })],
                });
            }
        }
    }

    private static DotProductOperator AtTheEnds(DotProductOperator dot, Rounding rounding, int shift)
    {
        int Greatest(int channel)
        {
            var products = 256 * Enumerable.Range(0, dot.ProductCount).Sum(product => Math.Abs((int)dot.Weight(channel, product)));
            return (shift < -20 ? (1 << 30) - 1 : int.MaxValue - 511) - products;
        }

        int[] multipliers = [0x40000000, 0x7FFF0000, 0x40010000, 0x5A5A0000];
        return dot with
        {
            Rounding = rounding,
            Bias = [.. Enumerable.Range(0, dot.OutputChannels).Select(channel => channel % 2 == 0 ? Greatest(channel) : -Greatest(channel))],
            Requantizations = [.. Enumerable.Range(0, dot.OutputChannels).Select(channel => new Requantization(multipliers[(channel + shift + 32) % 4], shift))],
        };
    }

    private static Graph Verified(Graph graph)
    {
        var diagnostics = new DiagnosticBag();
        Assert.That(GraphVerifier.Verify(graph, diagnostics), Is.True, () => string.Join('\n', diagnostics.Lines()));
        return graph;
    }
}
