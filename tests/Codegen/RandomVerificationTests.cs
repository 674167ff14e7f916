using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Emulation;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Reference.Model;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Networks of many random layers, verified as users verify theirs: by every host compiler and on every core.</summary>
internal sealed class RandomVerificationTests
{
    private static readonly int Networks = Property.IsLong ? 40 : 1;

    public static IEnumerable<uint> Numbers => Enumerable.Range(1, Networks).Select(number => (uint)number);

    [TestCaseSource(nameof(Numbers))]
    public Task Every_target_computes_what_the_interpreter_does(uint number) => Verify(WithBothRoundings(RandomModel.Numbered(number, 40)));

    [TestCaseSource(nameof(Numbers))]
    public Task Every_target_computes_narrow_accumulators_as_the_interpreter_does(uint number) =>
        Verify(NarrowNetworks.Narrow(WithBothRoundings(RandomModel.Numbered(1000 + number, 40)), (int)number));

    /// <summary>Widths and channels around the numbers that are computed at once, with strides and paddings of both kinds.</summary>
    [Test]
    public Task Every_target_computes_blocks_of_every_size()
    {
        var dice = new Dice(new PCG(8, 8));
        var builder = new ModelBuilder();
        List<Activation> outputs = [];
        for (var width = 1; width <= 14; width++)
        {
            var channels = new[] { 3, 4, 8, 9, 16, 20, 24 }[width % 7];
            var input = builder.AddInput([1, dice.Between(3, 6), width, channels], 1, dice.Pick(-128, 127, 0, 5));
            var steps = new Steps(width >= 3 && dice.Chance(30) ? PaddingKind.Valid : PaddingKind.Same, dice.Between(1, 2), dice.Chance(70) ? 1 : 2);
            outputs.Add(builder.DepthwiseConv2D(input, Graphs.Filter(dice, 3, 3, channels, 9), new Result(1, 3), steps));
            outputs.Add(builder.Conv2D(input, Graphs.Filter(dice, 3, 3, dice.Between(1, 9), 9 * channels), new Result(1, -7), steps));
            outputs.Add(builder.Conv2D(input, Graphs.Filter(dice, 1, 1, dice.Between(1, 9), channels), new Result(1, 0, FusedActivation.Relu)));
        }

        return Verify(WithBothRoundings(builder.Output([.. outputs])));
    }

    /// <summary>Every other layer gets the rounding that no imported model has.</summary>
    private static Graph WithBothRoundings(ModelBuilder builder)
    {
        var graph = Graphs.Import(builder);
        var single = Graphs.WithSingleRounding(graph);
        return graph with { Nodes = [.. graph.Nodes.Zip(single.Nodes).Select((pair, index) => index % 2 == 0 ? pair.First : pair.Second)] };
    }

    private static async Task Verify(Graph graph)
    {
        Tools.Require("gcc", "clang-16", "arm-none-eabi-gcc", Qemu.Tool);
        await Targeted.VerifyAsync(
            ModelCase.Of(graph), TargetCatalog.Names(Installation.TargetsFolder), target => ModelBatch.Plan(graph, null, target.Costs));
    }
}
