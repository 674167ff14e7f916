using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Plan.Kernels;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>How pruned weights are stored: nothing is lost, and little flash is taken.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class PackedWeightsTests
{
    [Test]
    public void Codes_give_the_weights_back([Range(0, 60)] int number)
    {
        var dice = new Dice(new PCG(16, (uint)number));
        var dot = Layer(dice, Pruning.Any(dice), dice.Between(1, 70), dice.Between(1, 9));
        if (CodedWeights.TryEncode(dot) is not { } coded)
        {
            Assert.That(dot.Weights.Select(weight => Math.Abs((int)weight)).Max(), Is.GreaterThan(63));
            return;
        }

        var weights = new sbyte[dot.Weights.Length];
        for (var channel = 0; channel < dot.OutputChannels; channel++)
        {
            foreach (var (index, code) in coded.Channels[channel].Index())
            {
                var k = (index / coded.GroupCodes << coded.PositionBits) + (code & ((1 << coded.PositionBits) - 1));
                weights[dot.WeightIndex(channel, k)] += (sbyte)(code >> coded.PositionBits);
            }
        }

        Assert.That(weights, Is.EqualTo(dot.Weights));
    }

    /// <summary>Read as pqs_kernels.h says.</summary>
    [Test]
    public void Gaps_give_the_weights_back([Range(0, 60)] int number)
    {
        var dice = new Dice(new PCG(30, (uint)number));
        var dot = Layer(dice, Pruning.Any(dice), dice.Between(1, 200), dice.Between(1, 9));
        var kept = Enumerable.Range(0, dot.OutputChannels).Max(channel => Enumerable.Range(0, dot.ProductCount).Count(k => dot.Weight(channel, k) != 0));
        var isSmall = kept + GapCodes.Step <= dot.ProductCount / 2;
        if (GapCodes.OfFewBits(dot) is { } few)
        {
            Check(few, channel => channel.Select(code => (code >> few.GapBits, code & ((1 << few.GapBits) - 1))));
        }
        else
        {
            Assert.That(!isSmall || dot.Weights.Any(weight => weight is < -32 or > 31));
        }

        if (GapCodes.OfManyBits(dot, new TensorRange(-128, 127)) is { } many)
        {
            var each = 8 / many.GapBits;
            Check(many, channel => channel.Chunk(1 + each).SelectMany(part => part[1..].Select((weight, index) => (weight, (part[0] >> (many.GapBits * index)) & ((1 << many.GapBits) - 1)))));
        }
        else
        {
            Assert.That(!isSmall);
        }

        void Check(GapCodes gaps, Func<IEnumerable<int>, IEnumerable<(int Weight, int Gap)>> read)
        {
            var weights = new sbyte[dot.Weights.Length];
            Assert.That(gaps.Codes, Is.LessThan(dot.ProductCount));
            Assert.That(gaps.Codes % GapCodes.Step, Is.Zero);
            for (var channel = 0; channel < dot.OutputChannels; channel++)
            {
                var next = 0;
                var codes = read(gaps.Channels[channel]).ToArray();
                Assert.That(codes, Has.Length.EqualTo(gaps.Codes));
                foreach (var (weight, gap) in codes)
                {
                    next += gap;
                    weights[dot.WeightIndex(channel, next)] = (sbyte)weight;
                    next++;
                }

                Assert.That(next, Is.LessThanOrEqualTo(dot.ProductCount));
            }

            Assert.That(weights, Is.EqualTo(dot.Weights));
        }
    }

    /// <summary>Read as pqs_kernels.h says.</summary>
    [Test]
    public void Pairs_give_the_weights_back([Range(0, 40)] int number)
    {
        var dice = new Dice(new PCG(26, (uint)number));
        var conv = Convolution(new Pruning(dice.Between(1, 2), 4, dice.Between(2, 6)), dice, dice.Between(1, 9), 4 * dice.Between(1, 9));
        Assert.That(Read(PairedCodes.OfFewBits(conv)!, 8, FewBits), Is.EqualTo(conv.Weights));

        conv = Convolution(new Pruning(dice.Between(1, 2), 4, 8), dice, dice.Between(1, 9), 4 * dice.Between(1, 9));
        Assert.That(Read(PairedCodes.OfManyBits(conv)!, 10, ManyBits), Is.EqualTo(conv.Weights));

        sbyte[] Read(PairedCodes paired, int stepBytes, Func<int[], (bool IsLast, (int Pair, int First, int Second)[] Groups)> read)
        {
            var weights = new sbyte[conv.Weights.Length];
            (int First, int Second)[] pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
            for (var channel = 0; channel < conv.OutputChannels; channel++)
            {
                var steps = paired.Channels[channel].Chunk(stepBytes).Select(read).ToArray();
                Assert.That(steps.Select(step => step.IsLast), Is.EqualTo(steps.Select((_, index) => index == steps.Length - 1)));
                Assert.That(paired.Inputs, Is.EqualTo(16 * steps.Length));
                foreach (var (group, (pair, first, second)) in steps.SelectMany(step => step.Groups).Index())
                {
                    Put(channel, (4 * group) + pairs[pair].First, first);
                    Put(channel, (4 * group) + pairs[pair].Second, second);
                }
            }

            return weights;

            void Put(int channel, int k, int weight)
            {
                if (weight != 0)
                {
                    weights[conv.WeightIndex(channel, k)] = (sbyte)weight;
                }
            }
        }

        static (bool IsLast, (int Pair, int First, int Second)[] Groups) FewBits(int[] bytes)
        {
            int[] words = [.. bytes.Chunk(4).Select(four => (four[0] & 255) | ((four[1] & 255) << 8) | ((four[2] & 255) << 16) | (four[3] << 24))];
            Assert.That(words[0] & 8, Is.Zero);
            return (
                (words[1] & 8) != 0,
                [.. words.SelectMany(word => ((int, int, int)[])[(word & 7, word << 16 >> 26, word >> 26), ((word >> 16) & 7, word << 22 >> 26, word << 6 >> 26)])]);
        }

        static (bool IsLast, (int Pair, int First, int Second)[] Groups) ManyBits(int[] bytes)
        {
            var numbers = (bytes[0] & 255) | ((bytes[1] & 255) << 8);
            return (
                numbers >> 15 != 0,
                [
                    (numbers & 7, bytes[2], bytes[4]), ((numbers >> 3) & 7, bytes[3], bytes[5]),
                    ((numbers >> 6) & 7, bytes[6], bytes[8]), ((numbers >> 9) & 7, bytes[7], bytes[9]),
                ]);
        }
    }

    /// <summary>Other numbers of channels, weights of more bits, more weights in a group, and sums that may have more than 22 bits.</summary>
    [TestCase(2, 6, 6, 4)]
    [TestCase(2, 4, 7, 8)]
    [TestCase(3, 4, 5, 8)]
    [TestCase(2, 4, 6, 8192)]
    public void Other_weights_have_no_pairs(int n, int m, int bits, int channels)
    {
        var conv = Convolution(new Pruning(n, m, bits), new Dice(new PCG(29, 0)), 3, channels);
        var extreme = conv with { Weights = [.. conv.Weights.Select(weight => weight == 0 ? weight : (sbyte)-(1 << (bits - 1)))] };
        Assert.That(PairedCodes.OfFewBits(extreme), Is.Null);
    }

    /// <summary>Read bit by bit, as pqs_kernels.h says.</summary>
    [Test]
    public void Bits_give_the_weights_back([Range(0, 80)] int number)
    {
        var dice = new Dice(new PCG(21, (uint)number));
        var dot = Depthwise(Pruning.Any(dice), dice, dice.Between(1, 9), dice.Between(1, 9), dice.Between(1, 9));
        if (PackedTaps.TryEncode(dot) is not { } packed)
        {
            Assert.That(PruningPattern.Detect(dot) == null || dot.Weights.Length < 40 || dot.Weights.Count(weight => weight == 0) < dot.Weights.Length / 2);
            return;
        }

        var form = packed.Form;
        var next = 0;
        var weights = new sbyte[dot.Weights.Length];
        for (var channel = 0; channel < dot.OutputChannels; channel++)
        {
            Assert.That(next, Is.EqualTo(channel * packed.ChannelBits));
            for (var start = 0; start < dot.ProductCount; start += form.Taps)
            {
                var taps = Math.Min(form.Taps, dot.ProductCount - start);
                foreach (var tap in Positions(taps, Math.Min(form.Weights, taps)))
                {
                    var weight = Take(form.WeightBits);
                    weights[dot.WeightIndex(channel, start + tap)] = (sbyte)(weight >> (form.WeightBits - 1) != 0 ? weight - (1 << form.WeightBits) : weight);
                }
            }
        }

        Assert.That(weights, Is.EqualTo(dot.Weights));
        Assert.That(packed.Bytes, Has.Length.EqualTo(((next + 7) / 8) + 1));
        Assert.That(packed.Bytes, Has.Length.LessThan(dot.Weights.Length));

        int[] Positions(int taps, int stored)
        {
            if (stored == taps)
            {
                return [.. Enumerable.Range(0, taps)];
            }

            if (form.PositionBits > 0)
            {
                return [.. Enumerable.Range(0, stored).Select(_ => Take(form.PositionBits)).Order()];
            }

            int[] set = [.. Enumerable.Range(0, taps - 1).Where(_ => Take(1) != 0)];
            return set.Length < stored ? [.. set, taps - 1] : set;
        }

        int Take(int count)
        {
            var value = 0;
            for (var bit = 0; bit < count; bit++, next++)
            {
                value |= (packed.Bytes[next / 8] >> (next % 8) & 1) << bit;
            }

            return value;
        }
    }

    /// <summary>
    /// Bytes of flash of each weight of the dense layer, by sides of the kernel. Groups of four leave one tap of 9, 25 or 49 alone, which keeps its weight: 5 of
    /// 9 are kept at 2:4, and 3 of 9 at 1:4. The byte behind the bits is less than a thousandth.
    /// </summary>
    [TestCase(2, 8, 3, 46 / 72.0)]
    [TestCase(2, 6, 3, 36 / 72.0)]
    [TestCase(2, 4, 3, 26 / 72.0)]
    [TestCase(1, 8, 3, 28 / 72.0)]
    [TestCase(1, 6, 3, 22 / 72.0)]
    [TestCase(2, 8, 5, 0.65)]
    [TestCase(2, 6, 5, 0.5)]
    [TestCase(1, 6, 5, 0.3)]
    [TestCase(2, 8, 7, 0.65)]
    [TestCase(2, 6, 7, 0.5)]
    [TestCase(1, 6, 7, 0.3)]
    public void Flash_of_pruned_depthwise_weights(int n, int bits, int side, double limit)
    {
        Tools.Require("arm-none-eabi-gcc");
        foreach (var schedule in new[] { Schedule.Wide, Schedule.Exact, Schedule.Bounded })
        {
            var dice = new Dice(new PCG(22, (uint)bits));
            var builder = new ModelBuilder();
            var image = builder.AddInput([1, 8, 8, 256], 1, -128);
            var output = builder.DepthwiseConv2D(image, new Pruning(n, 4, bits).DepthwiseFilter(dice, side, side, 256), new Result(1, -128), new Steps(PaddingKind.Same));
            var graph = PrunedNetworks.With(
                Graphs.Import(builder.Output(output)), (_, _) => schedule == Schedule.Wide ? Accumulator.Wide : new Accumulator(schedule == Schedule.Bounded ? 22 : 16, schedule));
            using var folder = new GeneratedFolder();
            var plan = folder.Add(graph, "m");
            Assert.That(plan.Steps[0].Call!.Function, Does.StartWith("pqs_depthwise_conv2d_packed_"));
            folder.Run("arm-none-eabi-gcc", "-std=c99", "-mcpu=cortex-m4", "-mthumb", "-O2", "-c", "m_weights.c", "-o", "weights.o");
            var elf = ElfFile.Read(Path.Combine(folder.Path, "weights.o"), new DiagnosticBag())!;
            var bytes = elf.Symbols.Single(symbol => symbol.Name == "m_layer_0_weights").Size;
            Assert.That((double)bytes / (side * side * 256), Is.LessThanOrEqualTo(limit + 0.001));
        }
    }

    [Test]
    public void A_dense_depthwise_layer_of_few_bits_stays_dense() =>
        Assert.That(PackedTaps.TryEncode(Depthwise(new Pruning(4, 4, 2), new Dice(new PCG(23, 1)), 3, 3, 64) with { Weights = [.. Enumerable.Repeat((sbyte)1, 576)] }), Is.Null);

    [Test]
    public void Segments_fit_16_bits_and_are_no_shorter_than_that_demands([Range(0, 40)] int number)
    {
        var dice = new Dice(new PCG(17, (uint)number));
        var low = dice.Between(-128, 127);
        var range = new TensorRange(low, dice.Between(low, 127));
        int[] weights = [.. Enumerable.Range(0, dice.Between(1, 3000)).Select(_ => dice.Between(-32, 31))];
        var step = dice.Between(1, 8);
        var lengths = PackedSegments.Cut(weights, step, range)!.Value;

        Assert.That(lengths.Sum(), Is.EqualTo((weights.Length + step - 1) / step));
        var (start, ends) = (0, new List<(int Least, int Greatest, int Next)>());
        foreach (var length in lengths)
        {
            var (least, greatest) = Sum(weights.Skip(start).Take(length * step));
            var (more, most) = Sum(weights.Skip(start).Take((length + 1) * step));
            start += length * step;
            Assert.That((least, greatest), Is.EqualTo((Math.Max(least, short.MinValue), Math.Min(greatest, short.MaxValue))));
            Assert.That(start >= weights.Length || length == byte.MaxValue || more < short.MinValue || most > short.MaxValue, Is.True);
        }

        (int Least, int Greatest) Sum(IEnumerable<int> part)
        {
            var all = part.ToArray();
            return (all.Sum(w => Math.Min(w * range.Minimum, w * range.Maximum)), all.Sum(w => Math.Max(w * range.Minimum, w * range.Maximum)));
        }
    }

    [Test]
    public void A_step_that_does_not_fit_cannot_be_cut() =>
        Assert.That(PackedSegments.Cut([127, 127, 127], 3, TensorRange.Full), Is.Null);

    [TestCase(8, 4)]
    [TestCase(4, 4)]
    [TestCase(2, 2)]
    public void As_many_channels_share_positions_as_can(int shared, int found)
    {
        var dice = new Dice(new PCG(18, 2));
        Assert.That(SharedPairs.Find((FullyConnected)Layer(dice, new Pruning(2, 4, 8, shared), 40, 9))!.Sharing, Is.EqualTo(found));
    }

    [Test]
    public void Channels_that_do_not_share_positions_are_not_paired()
    {
        var dice = new Dice(new PCG(18, 1));
        Assert.That(SharedPairs.Find((FullyConnected)Layer(dice, new Pruning(2, 4, 8), 40, 9)), Is.Null);
        Assert.That(SharedPairs.Find((FullyConnected)Layer(dice, new Pruning(3, 4, 8, 4), 40, 9)), Is.Null);
    }

    /// <summary>
    /// Bytes of flash of each weight of the dense layer, by N of four, bits and schedule. The packed convolutions also have a table of segments, which takes
    /// no more than a tenth of that.
    /// </summary>
    [TestCase(2, 6, "wide", 0.5)]
    [TestCase(2, 6, "natural", 0.5)]
    [TestCase(2, 6, "alternating", 0.5)]
    [TestCase(2, 6, "sorted", 0.5)]
    [TestCase(2, 4, "exact", 0.5)]
    [TestCase(2, 8, "wide", 0.65)]
    [TestCase(2, 8, "exact", 0.65)]
    [TestCase(2, 8, "natural", 0.65)]
    [TestCase(2, 8, "alternating", 0.65)]
    [TestCase(2, 8, "sorted", 0.65)]
    [TestCase(1, 6, "wide", 0.3)]
    [TestCase(1, 6, "exact", 0.3)]
    [TestCase(1, 6, "natural", 0.3)]
    [TestCase(1, 6, "sorted", 0.3)]
    public void Flash_of_pruned_weights(int n, int bits, string schedule, double limit)
    {
        Tools.Require("arm-none-eabi-gcc");
        var dice = new Dice(new PCG(19, (uint)bits));
        var builder = new ModelBuilder();
        var image = builder.AddInput([1, 6, 6, 32], 1, -128);
        var pruning = new Pruning(n, 4, bits);

        // Codes are filled up to multiples of four, which are 8 inputs at 2:4 and 16 at 1:4.
        var channels = n == 2 ? 24 : 32;
        var first = builder.Conv2D(image, pruning.Filter(dice, 3, 3, channels, 288), new Result(1, -128, FusedActivation.Relu));
        var second = builder.Conv2D(first, pruning.Filter(dice, 1, 1, 32, channels), new Result(1, -128, FusedActivation.Relu));
        var third = builder.FullyConnected(second, pruning.Filter(dice, 1, 1, 10, 512), new Result(1, 0));
        var parsed = ScheduleText.Parse(schedule)!;
        var graph = PrunedNetworks.With(
            Graphs.Import(builder.Output(third)), (_, _) => parsed == Schedule.Wide ? Accumulator.Wide : new Accumulator(16, parsed));
        using var folder = new GeneratedFolder();
        var plan = folder.Add(graph, "m");
        folder.Run("arm-none-eabi-gcc", "-std=c99", "-mcpu=cortex-m4", "-mthumb", "-O2", "-c", "m_weights.c", "-o", "weights.o");
        var elf = ElfFile.Read(Path.Combine(folder.Path, "weights.o"), new DiagnosticBag())!;

        string[] ofWeights = ["weights", "positions", "counts", "patterns"];
        foreach (var (index, step) in plan.Steps.Index())
        {
            var dense = ((DotProductOperator)step.Node.Operator).Weights.Length;
            Assert.That(Bytes(index, ofWeights), Is.EqualTo(step.Call!.Tables.Where(table => ofWeights.Contains(table.Role)).Sum(table => table.Bytes)));
            Assert.That((double)Bytes(index, ofWeights) / dense, Is.LessThanOrEqualTo(limit), step.Call.Function);
        }

        var all = plan.Steps.Sum(step => ((DotProductOperator)step.Node.Operator).Weights.Length);
        Assert.That(Enumerable.Range(0, plan.Steps.Length).Sum(layer => (double)Bytes(layer, ["segments"])) / all, Is.LessThanOrEqualTo(limit / 10));

        long Bytes(int layer, string[] roles) => elf.Symbols.Where(symbol => roles.Any(role => symbol.Name == $"m_layer_{layer}_{role}")).Sum(symbol => (long)symbol.Size);
    }

    private static DotProductOperator Depthwise(Pruning pruning, Dice dice, int height, int width, int channels)
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, height, width, channels], 1, 0);
        var graph = Graphs.Import(builder.Output(builder.DepthwiseConv2D(input, pruning.DepthwiseFilter(dice, height, width, channels), new Result(1, 0))));
        return (DotProductOperator)graph.Nodes[0].Operator;
    }

    private static Conv2D Convolution(Pruning pruning, Dice dice, int outputs, int channels)
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 2, 3, channels], 1, 0);
        var (height, width) = dice.Pick((1, 1), (2, 3));
        var filter = pruning.Filter(dice, height, width, outputs, height * width * channels);
        var graph = Graphs.Import(builder.Output(builder.Conv2D(input, filter, new Result(1, 0))));
        return (Conv2D)graph.Nodes[0].Operator;
    }

    private static DotProductOperator Layer(Dice dice, Pruning pruning, int depth, int channels)
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, depth], 1, 0);
        var graph = Graphs.Import(builder.Output(builder.FullyConnected(input, pruning.Filter(dice, 1, 1, channels, depth), new Result(1, 0))));
        return (DotProductOperator)graph.Nodes[0].Operator;
    }
}
