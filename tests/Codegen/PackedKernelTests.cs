using System.Collections.Immutable;
using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Model;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Pruned layers in packed lanes, in coded storage and in masks, against the interpreter.</summary>
internal sealed class PackedKernelTests
{
    private static readonly int Rounds = Property.IsLong ? 20 : 1;

    /// <summary>Compilers and patterns of <see cref="Convolutions_by_gaps"/>, with bits of weights.</summary>
    private static readonly IEnumerable<TestCaseData> Gaps =
    [
        new("gcc", 4, 8, 6), new("gcc", 3, 4, 6), new("gcc", 2, 8, 5), new("gcc", 4, 8, 8), new("gcc", 1, 4, 8), new("clang-16", 5, 16, 3), new("clang-16", 2, 4, 8),
        .. Property.IsLong ? [new("gcc", 2, 16, 5), new("gcc", 3, 8, 6), new("clang-16", 1, 32, 4)] : Array.Empty<TestCaseData>(),
    ];

    [TestCase("gcc", 0u, 200)]
    [TestCase("clang-16", 100_000u, 60)]
    public void Random_layers(string compiler, uint first, int count)
    {
        Tools.Require(compiler);
        for (var round = 0u; round < Rounds; round++)
        {
            var start = first + (round * 1000);
            ModelBatch.Check(compiler, [.. Enumerable.Range(0, count).Select(index => ModelCase.Of(PrunedNetworks.Single(start + (uint)index)))], KernelTier.All);
        }
    }

    /// <summary>Otherwise the test above would say little.</summary>
    [Test]
    public void Random_layers_use_every_kernel_of_pruned_weights()
    {
        var functions = Enumerable.Range(0, 700).SelectMany(index => Functions(PrunedNetworks.Single((uint)index))).ToHashSet();
        string[] wanted =
        [
            "pqs_conv2d_packed_double", "pqs_conv2d_packed_single", "pqs_conv2d_packed_gaps_double", "pqs_conv2d_packed_gaps_single",
            "pqs_conv2d_packed_wide_gaps_double", "pqs_conv2d_packed_wide_gaps_single",
            "pqs_fully_connected_packed_double", "pqs_fully_connected_packed_single",
            "pqs_fully_connected_packed_by2_double", "pqs_fully_connected_packed_by2_single",
            "pqs_fully_connected_pairs_double", "pqs_fully_connected_pairs_single",
            "pqs_fully_connected_sparse_double", "pqs_fully_connected_sparse_single",
            "pqs_depthwise_conv2d_packed_double", "pqs_depthwise_conv2d_packed_single",
            "pqs_depthwise_conv2d_packed_double_exact", "pqs_depthwise_conv2d_packed_single_exact",
        ];
        Assert.That(functions, Is.SupersetOf(wanted));
    }

    /// <summary>
    /// Positions in groups: lengths around the steps by which groups, blocks and vectors advance, and numbers of pixels around a block. On some cores gaps are
    /// chosen instead, so that they are not left to the choice.
    /// </summary>
    [TestCase(2, 4, 6)]
    [TestCase(1, 4, 6)]
    [TestCase(2, 4, 5)]
    [TestCase(3, 8, 5)]
    [TestCase(5, 16, 4)]
    [TestCase(2, 4, 8)]
    [TestCase(1, 4, 8)]
    [TestCase(3, 16, 8)]
    public void Convolutions_of_every_size(int n, int m, int bits)
    {
        Tools.Require("gcc");
        var kernel = bits > 6 ? "conv2d_packed_wide" : "conv2d_packed";
        var only = Targeted.Only(kernel, kernel + "_any");
        int[] depths = [.. Enumerable.Range(1, 36), 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 1024];
        ImmutableArray<ModelCase> cases = [.. depths.Select(depth => Convolution(depth, 1 + (depth % 37), new Pruning(n, m, bits)) with { Costs = only, Options = new(RamLimit: 1 << 20) })];
        ModelBatch.Check("gcc", cases, KernelTier.All);
        Assert.That(
            cases.Count(c => ModelBatch.Plan(c.Graph, c.Options, only).Steps.Any(step => step.Call!.Function is var function && (function == $"pqs_{kernel}_double" || function == $"pqs_{kernel}_single"))),
            Is.GreaterThan(10));
    }

    /// <summary>In two bits and in three, with gaps that fit them and that do not.</summary>
    [TestCaseSource(nameof(Gaps))]
    public void Convolutions_by_gaps(string compiler, int n, int m, int bits)
    {
        Tools.Require(compiler);
        var kernel = bits > 6 ? "conv2d_packed_wide_gaps" : "conv2d_packed_gaps";
        var only = Targeted.Only(kernel);
        int[] depths = [.. Enumerable.Range(4, 33), 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 1024];
        ImmutableArray<ModelCase> cases =
        [
            .. depths.Select(depth => Convolution(depth, 1 + (depth % 37), new Pruning(n, m, bits)))
                .Append(ModelCase.Of(PrunedNetworks.Convolutions((uint)(n + m), new Pruning(n, m, bits))))
                .Select(c => c with { Costs = only, Options = new(RamLimit: 1 << 20) }),
        ];
        ModelBatch.Check(compiler, cases, KernelTier.All);
        var functions = cases.SelectMany(c => ModelBatch.Plan(c.Graph, c.Options, only).Steps.Select(step => step.Call!.Function)).ToArray();
        foreach (var rounding in (string[])["double", "single"])
        {
            Assert.That(functions.Count(function => function == $"pqs_{kernel}_{rounding}"), Is.GreaterThan(10));
        }
    }

    [TestCase("gcc", 0u, 4u, 6)]
    [TestCase("gcc", 50u, 4u, 8)]
    [TestCase("clang-16", 100u, 1u, 6)]
    [TestCase("clang-16", 150u, 1u, 8)]
    public void Convolutions_in_pairs(string compiler, uint first, uint count, int bits)
    {
        Tools.Require(compiler);
        var kernel = bits > 6 ? "conv2d_pairs_wide" : "conv2d_pairs";
        var only = Targeted.Only(kernel);
        ImmutableArray<ModelCase> cases =
        [
            .. Enumerable.Range(0, (int)count * Rounds).Select(index => PrunedNetworks.Convolutions(first + (uint)index, new Pruning(2, 4, bits)))
                .SelectMany(graph => new[] { graph, Graphs.WithSingleRounding(graph) })
                .Select(graph => ModelCase.Of(graph) with { Costs = only, Options = new(RamLimit: 1 << 20) }),
        ];
        ModelBatch.Check(compiler, cases, KernelTier.All);
        var functions = cases.SelectMany(c => ModelBatch.Plan(c.Graph, c.Options, only).Steps.Select(step => step.Call!.Function)).ToArray();
        foreach (var rounding in (string[])["double", "single"])
        {
            Assert.That(functions.Count(function => function == $"pqs_{kernel}_{rounding}"), Is.GreaterThan(6 * cases.Length));
        }
    }

    /// <summary>Weights at the ends of their range, as many as the kernel's scratch allows, with inputs at the ends of theirs.</summary>
    [TestCase(31)]
    [TestCase(-32)]
    [TestCase(127)]
    [TestCase(-128)]
    public void Largest_sums_in_pairs(int weight)
    {
        const int depth = 728;
        Tools.Require("gcc");
        var kernel = Math.Abs(weight) > 32 ? "conv2d_pairs_wide" : "conv2d_pairs";
        var only = Targeted.Only(kernel);
        var cases = new[] { -128, 127, 0 }.SelectMany(zeroPoint => new[] { 1, 2 }.Select(variant =>
        {
            var dice = new Dice(new PCG(28, (uint)(zeroPoint + 128 + variant)));
            var builder = new ModelBuilder();
            var input = builder.AddInput([1, 1, 9, depth], 1, zeroPoint);
            var filter = new Pruning(2, 4, 6).Filter(dice, 1, 1, 3, depth);
            var full = filter with { Weights = [.. filter.Weights.Select((_, index) => index % 4 < 2 ? (sbyte)weight : (sbyte)0)] };
            var graph = Graphs.Import(builder.Output(builder.Conv2D(input, full, new Result(1000, 3))));
            return ModelCase.Of(variant == 1 ? graph : Graphs.WithSingleRounding(graph)) with { Costs = only, Options = new(RamLimit: 1 << 20) };
        })).ToImmutableArray();
        ModelBatch.Check("gcc", cases, KernelTier.All);
        Assert.That(cases.Select(c => ModelBatch.Plan(c.Graph, c.Options, only).Steps.Single().Call!.Function), Has.All.StartsWith($"pqs_{kernel}_"));
    }

    [TestCase(4)]
    [TestCase(2)]
    [TestCase(1)]
    public void Fully_connected_layers_of_every_size(int shared)
    {
        Tools.Require("gcc");
        int[] depths = [.. Enumerable.Range(1, 36), 63, 64, 65, 127, 128, 129, 255, 257, 1023, 2048];
        ModelBatch.Check("gcc", [.. depths.Select(depth => Matrix(depth, 8 + (depth % 6), new Pruning(2, 4, depth % 2 == 0 ? 6 : 8, shared)))], KernelTier.All);
    }

    /// <summary>
    /// In each storage of pairs of positions: lengths around the steps by which groups, blocks and vectors advance, and around those after which lanes are read,
    /// with weights and inputs at the ends of their ranges; and numbers of channels that are not multiples of four.
    /// </summary>
    [Test]
    public void Layers_of_pairs_of_positions_in_every_storage(
        [Values("gcc", "clang-16")] string compiler,
        [Values("packed", "packed_quads", "packed_rows", "packed_by2", "packed_rows_by2", "pairs")] string storage)
    {
        Tools.Require(compiler);
        int[] depths = [.. Enumerable.Range(1, 18), 31, 32, 33, 40, 63, 64, 65, 127, 128, 129, 255, 257, 511, 512, 513, 519, 1023, 1024, 1025, 1032, 2048, 2051];
        var kernel = "fully_connected_" + storage;
        var shared = storage == "pairs" ? 1 : storage.EndsWith("_by2", StringComparison.Ordinal) ? 2 : 4;
        var only = Targeted.Only(kernel);
        ImmutableArray<ModelCase> cases =
        [
            .. depths.SelectMany(depth => (storage == "pairs" ? (int[])[6, 5] : [8, 6]).Index().Where(entry => Property.IsLong || (depth + entry.Index) % 2 == 0).Select(entry =>
                Matrix(depth, 8 + ((depth + entry.Index) % 6), new Pruning(2, 4, entry.Item, shared), (uint)entry.Index) with { Costs = only, Options = new(RamLimit: 1 << 20) })),
        ];
        ModelBatch.Check(compiler, cases, KernelTier.All);
        var functions = cases.SelectMany(c => ModelBatch.Plan(c.Graph, c.Options, only).Steps.Select(step => step.Call!.Function)).ToArray();
        Assert.That(functions.Count(function => function == $"pqs_{kernel}_single"), Is.GreaterThan(Property.IsLong ? 20 : 10));
        Assert.That(functions.Count(function => function == $"pqs_{kernel}_double"), Is.GreaterThan(Property.IsLong ? 20 : 10));
    }

    /// <summary>Weights at the ends of their range, of one sign: segments are as full as they can be, and inputs are at their ends in some samples.</summary>
    [Test]
    public void Segments_that_are_full_to_the_last_bit()
    {
        Tools.Require("gcc");
        var cases = new[] { 4, 5, 6 }.SelectMany(bits => new[] { (1, 4), (2, 4), (4, 8), (2, 16) }.SelectMany(pattern => new[] { -128, 127, 0 }.SelectMany(zeroPoint => new[] { -1, 1 }.Select(sign =>
        {
            var dice = new Dice(new PCG(13, (uint)((bits * 100) + (pattern.Item1 * 10) + zeroPoint + sign + 1)));
            var builder = new ModelBuilder();
            var input = builder.AddInput([1, 3, 11, 64], 1, zeroPoint);
            var filter = new Pruning(pattern.Item1, pattern.Item2, bits).Filter(dice, 1, 1, 5, 64);
            var largest = (1 << (bits - 1)) - 1;
            var full = filter with { Weights = [.. filter.Weights.Select((weight, index) => weight == 0 ? weight : (sbyte)(sign * largest))] };
            var graph = Graphs.Import(builder.Output(builder.Conv2D(input, full, new Result(1, 3))));
            return ModelCase.Of(PrunedNetworks.With(graph, (_, _) => new Accumulator(24, Schedule.Exact)));
        }))));
        ModelBatch.Check("gcc", [.. cases], KernelTier.All);
    }

    /// <summary>Channels, multipliers and kernels around the numbers that are computed at once, in one strip and in several.</summary>
    [TestCase("gcc", 2, 4)]
    [TestCase("gcc", 1, 4)]
    [TestCase("gcc", 3, 8)]
    [TestCase("gcc", 1, 32)]
    [TestCase("clang-16", 5, 6)]
    public void Depthwise_convolutions_of_every_size(string compiler, int n, int m)
    {
        Tools.Require(compiler);
        ImmutableArray<ModelCase> cases =
        [
            .. Enumerable.Range(1, 9).SelectMany(channels => new[] { 1, 2, 3, 5, 8 }.Select(multiplier => Depthwise(channels, multiplier, n, m))),
            .. Enumerable.Range(10, 12).Select(channels => Depthwise(channels, 1, n, m)),
        ];
        ModelBatch.Check(compiler, cases, KernelTier.All);
        Assert.That(cases.Count(c => Functions(c.Graph).Any(function => function.StartsWith("pqs_depthwise_conv2d_packed_", StringComparison.Ordinal))), Is.GreaterThan(10));
    }

    private static ModelCase Depthwise(int channels, int multiplier, int n, int m)
    {
        var dice = new Dice(new PCG(20, (uint)((((((channels * 10) + multiplier) * 100) + n) * 100) + m)));
        var builder = new ModelBuilder();
        var input = builder.AddInput([dice.Between(1, 2), dice.Between(1, 12), dice.Between(1, 9), channels], 1, dice.Pick(-128, 127, 0, 5));
        var (height, width) = dice.Pick((3, 3), (3, 3), (5, 5), (dice.Between(1, 9), dice.Between(1, 9)));
        var steps = new Steps(PaddingKind.Same, dice.Between(1, 4), dice.Between(1, 4), dice.Pick(1, 1, 2, 4), dice.Pick(1, 1, 2, 4));
        var filter = new Pruning(n, m, dice.Between(2, 8), dice.Pick(1, 4)).DepthwiseFilter(dice, height, width, channels * multiplier);
        var graph = Graphs.Import(builder.Output(builder.DepthwiseConv2D(input, filter, new Result(1, -7), steps)));
        var exact = PrunedNetworks.With(graph, (_, _) => dice.Chance(50) ? Accumulator.Wide : new Accumulator(dice.Between(9, 20), Schedule.Exact));
        return ModelCase.Of(dice.Chance(50) ? exact : Graphs.WithSingleRounding(exact));
    }

    private static ModelCase Convolution(int depth, int pixels, Pruning pruning)
    {
        var dice = new Dice(new PCG(14, (uint)depth));
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 1, pixels, depth], 1, dice.Pick(-128, 127, 0, 5));
        var graph = Graphs.Import(builder.Output(builder.Conv2D(input, pruning.Filter(dice, 1, 1, 6, depth), new Result(1, -3))));
        return ModelCase.Of(depth % 2 == 0 ? graph : Graphs.WithSingleRounding(graph));
    }

    private static ModelCase Matrix(int depth, int channels, Pruning pruning, uint number = 0)
    {
        var dice = new Dice(new PCG(15 + number, (uint)depth));
        var builder = new ModelBuilder();
        var input = builder.AddInput([dice.Between(1, 2), depth], 1, dice.Pick(-128, 127, 0, 5));
        var graph = Graphs.Import(builder.Output(builder.FullyConnected(input, pruning.Filter(dice, 1, 1, channels, depth), new Result(1, -3))));
        return ModelCase.Of(depth % 2 == 0 ? graph : Graphs.WithSingleRounding(graph));
    }

    private static IEnumerable<string> Functions(Graph graph) => ModelBatch.Plan(graph).Steps.Select(step => step.Call?.Function).OfType<string>();
}
