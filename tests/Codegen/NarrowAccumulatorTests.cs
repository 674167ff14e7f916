using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Tests.Reference;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Generated C with narrow accumulators, every schedule and pruned weights, against the interpreter's literal algorithms.</summary>
internal sealed class NarrowAccumulatorTests
{
    [TestCase("gcc", 4)]
    [TestCase("clang-16", 1)]
    public void Random_networks(string compiler, int batches)
    {
        Tools.Require(compiler);
        RandomModel.WithLayers(6).Array[60].Sample(
            batch => ModelBatch.Check(
                compiler, [.. batch.Index().Select(entry => ModelCase.Of(NarrowNetworks.Narrow(Rounded(entry.Item, entry.Index), entry.Index)))], KernelTier.All),
            iter: Property.IsLong ? 20 * batches : batches,
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

    /// <summary>Biases beside which an accumulator's range ends outside 32 bits, in layers of which another channel clips.</summary>
    [TestCase(20, 64)]
    [TestCase(24, 600)]
    [TestCase(26, 2_300)]
    public void Saturation_at_the_ends_of_32_bits(int bits, int length)
    {
        Tools.Require("gcc");
        ModelBatch.Check("gcc", [.. new[] { -128, 127, 5 }.Select(zeroPoint => ModelCase.Of(Matrix(zeroPoint)))], KernelTier.All);

        Graph Matrix(int zeroPoint)
        {
            const int highest = int.MaxValue - 511 - 256;
            int[] biases = [0, 0, highest, -highest, highest - (1 << (bits - 1)), (1 << (bits - 1)) - highest];
            var weights = new sbyte[biases.Length * length];
            Array.Fill(weights, (sbyte)127, 0, length);
            Array.Fill(weights, (sbyte)-128, length, length);
            for (var channel = 2; channel < biases.Length; channel++)
            {
                weights[(channel * length) + channel] = 1;
            }

            var builder = new ModelBuilder();
            var input = builder.AddInput([1, length], 1, zeroPoint);
            // The limit of the channels that clip is at 32, where outputs show it.
            var filter = new Filter(1, 1, biases.Length, [.. weights], [.. biases.Select(bias => 1f / (1 << (bias == 0 ? bits - 6 : 20)))], [.. biases]);
            var graph = Graphs.Import(builder.Output(builder.FullyConnected(input, filter, new Result(1, 3))));
            var dot = (DotProductOperator)graph.Nodes[0].Operator;
            var changed = graph with { Nodes = [graph.Nodes[0] with { Operator = dot with { Accumulator = new Accumulator(bits, Schedule.Exact) } }] };
            Assert.That(ModelBatch.Plan(changed).Steps[0].Call!.Function, Is.EqualTo("pqs_fully_connected_double_exact"));
            return changed;
        }
    }

    [TestCase(16, "exact", "pqs_fully_connected_double_exact")]
    [TestCase(16, "sorted", "pqs_fully_connected_sorted")]
    [TestCase(17, "sorted", "pqs_fully_connected_double_exact")]
    [TestCase(17, "alternating", "pqs_fully_connected_double_exact")]
    [TestCase(17, "natural", null)]
    [TestCase(17, "sorted:tile=4", null)]
    [TestCase(17, "sorted:rounds=2", null)]
    [TestCase(20, "natural", "pqs_fully_connected_double")]
    [TestCase(20, "exact", "pqs_fully_connected_double")]
    public void A_kernel_is_taken_only_where_it_is_proven_to_give_the_schedules_result(int bits, string schedule, string? kernel)
    {
        // 15 products of up to 255 · 128: 19 bits in any order. Outputs are coarse enough to tell such sums apart.
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 15], 1, -128);
        var filter = new Filter(1, 1, 1, [.. Enumerable.Range(0, 15).Select(i => (sbyte)(i % 2 == 0 ? -128 : 127))], [1f]);
        var graph = Graphs.Import(builder.Output(builder.FullyConnected(input, filter, new Result(4096, 3))));
        var dot = (DotProductOperator)graph.Nodes[0].Operator;
        var diagnostics = new DiagnosticBag();
        var plan = Planner.Plan(
            graph with { Nodes = [graph.Nodes[0] with { Operator = dot with { Accumulator = new Accumulator(bits, ScheduleText.Parse(schedule)!) } }] }, diagnostics);
        Assert.That(plan?.Steps[0].Call!.Function, Is.EqualTo(kernel));
        Assert.That(diagnostics.ToImmutable().Select(diagnostic => diagnostic.Descriptor.Id), Is.EqualTo(kernel == null ? new[] { "PQS0401" } : []));
    }

    /// <summary>A sum that clips at 16 bits has the greatest output, or the least, in any case: then nothing needs to saturate it.</summary>
    [TestCase(256f, "pqs_fully_connected_double")]
    [TestCase(257f, "pqs_fully_connected_double")]
    [TestCase(258f, "pqs_fully_connected_double_exact")]
    public void Sums_are_saturated_only_where_outputs_show_it(float outputScale, string kernel)
    {
        // Sums go up to 2 · 127 · 255. 32767 / 256 rounds to 128, as does 32767 / 257 in two steps, from 32639.5 / 256; 32767 / 258 rounds to 127. With the zero
        // point -1 that is the greatest output or the one before.
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 2], 1, -128);
        var filter = new Filter(1, 1, 1, [127, 127], [1f]);
        var graph = Graphs.Import(builder.Output(builder.FullyConnected(input, filter, new Result(outputScale, -1))));
        var dot = (DotProductOperator)graph.Nodes[0].Operator;
        var exact = graph with { Nodes = [graph.Nodes[0] with { Operator = dot with { Accumulator = new Accumulator(16, Schedule.Exact) } }] };
        Assert.That(ModelBatch.Plan(exact).Steps[0].Call!.Function, Is.EqualTo(kernel));
    }

    private static Graph Rounded(ModelBuilder builder, int index) =>
        index % 2 == 0 ? Graphs.Import(builder) : Graphs.WithSingleRounding(Graphs.Import(builder));
}
