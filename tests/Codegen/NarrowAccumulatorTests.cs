using CsCheck;
using NUnit.Framework;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Generated C with narrow accumulators, every schedule and pruned weights, against the interpreter's literal algorithms.</summary>
internal sealed class NarrowAccumulatorTests
{
    private static bool IsLong => Environment.GetEnvironmentVariable("PQS_LONG") == "1";

    [TestCase("gcc", 4)]
    [TestCase("clang-16", 1)]
    public void Random_networks(string compiler, int batches)
    {
        Tools.Require(compiler);
        RandomModel.WithLayers(6).Array[60].Sample(
            batch => ModelBatch.Check(
                compiler, [.. batch.Index().Select(entry => ModelCase.Of(NarrowNetworks.Narrow(Rounded(entry.Item, entry.Index), entry.Index)))], KernelTier.All),
            iter: IsLong ? 20 * batches : batches,
            threads: 1,
            print: batch => $"{batch.Length} networks");
    }

    /// <summary>Dot products of every length around the steps by which sorts and masks advance.</summary>
    [Test]
    public void Matrices_of_every_size()
    {
        Tools.Require("gcc");
        int[] lengths = [.. Enumerable.Range(1, 40), 63, 64, 65, 127, 128, 255, 256, 257, 258, 511, 1023, 2048];
        ModelBatch.Check("gcc", [.. lengths.SelectMany(k => Enumerable.Range(0, 4).Select(variant => Matrix(k, variant)))], KernelTier.All);

        static ModelCase Matrix(int k, int variant)
        {
            var dice = new Dice(new PCG(7, (uint)((k * 4) + variant)));
            var builder = new ModelBuilder();
            var input = builder.AddInput([2, k], 1, dice.Pick(-128, 127, 0, 5));
            builder.Output(builder.FullyConnected(input, Graphs.Filter(dice, 1, 1, 3, k), new Result(1, 9)));
            return ModelCase.Of(NarrowNetworks.Narrow(Graphs.Import(builder), (k * 4) + variant));
        }
    }

    private static Pqs.Reference.Model.Graph Rounded(ModelBuilder builder, int index) =>
        index % 2 == 0 ? Graphs.Import(builder) : Graphs.WithSingleRounding(Graphs.Import(builder));
}
