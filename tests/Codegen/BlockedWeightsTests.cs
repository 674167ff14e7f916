using System.Collections.Immutable;
using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Plan.Kernels;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Dense fully connected layers, whose weights are stored in blocks of four channels.</summary>
internal sealed class BlockedWeightsTests
{
    [Test]
    public void Blocks_give_the_weights_back([Range(1, 9)] int channels)
    {
        var layer = (FullyConnected)Layer(7, channels, 1, 0).Nodes[0].Operator;
        byte[] bytes = [.. BlockedWeights.Words(layer).SelectMany(BitConverter.GetBytes)];
        var blocked = channels / 4 * 4;
        for (var channel = 0; channel < channels; channel++)
        {
            for (var input = 0; input < 7; input++)
            {
                var weight = channel < blocked
                    ? bytes[(channel / 4 * 28) + (4 * input) + (channel % 4)] - 128
                    : (sbyte)bytes[(blocked * 7) + ((channel - blocked) * 7) + input];
                Assert.That(weight, Is.EqualTo(layer.Weight(channel, input)));
            }
        }

        Assert.That(bytes, Has.Length.EqualTo(((channels * 7) + 3) / 4 * 4));
    }

    /// <summary>Lengths around the steps of vectors and around the number of products after which lanes are read, up to the largest; weights and inputs at their ends.</summary>
    [Test]
    public void Layers_of_every_size()
    {
        Tools.Require("gcc");
        int[] depths = [.. Enumerable.Range(1, 20), 31, 32, 33, 255, 256, 257, 263, 264, 511, 512, 513, 767, 1025, 2048];
        ImmutableArray<ModelCase> cases =
        [
            .. depths.Select(depth => ModelCase.Of(Layer(depth, 1 + (depth % 9), depth % 5, depth % 2 == 0 ? -128 : 127))),
            .. depths.Select(depth => ModelCase.Of(Graphs.WithSingleRounding(Layer(depth, 9 - (depth % 9), 1 + (depth % 4), 3)))),
        ];
        ModelBatch.Check("gcc", cases, KernelTier.All);
        Assert.That(
            cases.Select(c => ModelBatch.Plan(c.Graph).Steps[0].Call).OfType<KernelCall>().Select(call => call.Function),
            Is.SupersetOf(new[] { "pqs_fully_connected_double", "pqs_fully_connected_single" }));
    }

    private static Graph Layer(int depth, int channels, int kind, int zeroPoint)
    {
        var dice = new Dice(new PCG(21, (uint)((depth * 100) + channels)));
        sbyte[] weights =
        [
            .. Enumerable.Range(0, depth * channels).Select(_ => kind switch
            {
                0 => sbyte.MaxValue,
                1 => sbyte.MinValue,
                2 => dice.Pick(sbyte.MinValue, sbyte.MaxValue),
                _ => dice.SByte(),
            }),
        ];
        var filter = new Pruning(1, 1, 8).Filter(dice, 1, 1, channels, depth) with { Weights = [.. weights] };
        var builder = new ModelBuilder();
        var input = builder.AddInput([dice.Between(1, 2), depth], 1, zeroPoint);
        return Graphs.Import(builder.Output(builder.FullyConnected(input, filter, new Result(1, -3))));
    }
}
