using System.Collections.Immutable;
using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Model;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Generated C, compiled for the host under sanitizers, computes every byte of every layer as the interpreter does.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class InterpreterEqualsCTests
{
    private const string Gcc = "gcc";
    private const string Clang = "clang-16";

    private static IEnumerable<TestCaseData> Compilers => [new(Gcc), new(Clang)];

    /// <summary>The seed that a failure prints gives the same networks again in the environment variable CsCheck_Seed.</summary>
    [TestCase(Gcc, 6)]
    [TestCase(Clang, 2)]
    public void Random_networks(string compiler, int batches)
    {
        Tools.Require(compiler);
        RandomModel.WithLayers(8).Array[60].Sample(
            batch => ModelBatch.Check(compiler, WithBothRoundings(batch.Select(Graphs.ImportRandom).OfType<Graph>()), KernelTier.All),
            iter: Property.IsLong ? 20 * batches : batches,
            threads: 1,
            print: batch => $"{batch.Length} networks");
    }

    /// <summary>Lengths around every step by which a kernel advances, and long ones; channels and columns around theirs.</summary>
    [TestCaseSource(nameof(Compilers))]
    public void Matrices_of_every_size(string compiler)
    {
        int[] lengths = [.. Enumerable.Range(1, 20), 31, 32, 33, 63, 64, 65, 255, 257, 1023, 1024, 2047, 2048];
        Check(compiler, lengths.SelectMany(k => new[] { 1, 2, 3, 4, 5, 7, 8 }.Select(channels => Matrix(k, channels))));

        static ModelBuilder Matrix(int k, int channels)
        {
            var dice = NewDice(k, channels);
            var builder = new ModelBuilder();
            var rows = k > 300 ? 1 : dice.Between(1, 3);
            var input = builder.AddInput([1, 1, rows, k], 1, dice.Pick(-128, 127, 0, 5));
            var convolved = builder.Conv2D(input, Graphs.Filter(dice, 1, 1, channels, k), new Result(1, -3));
            var connected = builder.FullyConnected(input, Graphs.Filter(dice, 1, 1, channels, k), new Result(1, 9, FusedActivation.Relu));
            return builder.Output(convolved, connected);
        }
    }

    /// <summary>Products of extreme weights around the number that an accumulator's lanes have room for, and last blocks of every size.</summary>
    [TestCaseSource(nameof(Compilers))]
    public void Blocks_of_every_depth(string compiler)
    {
        int[] lengths = [.. Enumerable.Range(1, 9), 251, 252, 253, 254, 255, 256, 257, 503, 504, 505, 757, 1024, 2048];
        var graphs = lengths.SelectMany(k => new[] { 4, 5 }.Select(channels => Graphs.Import(Blocks(k, channels)))).ToArray();
        Tools.Require(compiler);
        Assert.That(graphs.SelectMany(graph => ModelBatch.Plan(graph).Steps).Select(step => step.Call!.Function), Is.All.StartsWith("pqs_conv2d_blocks_"));
        ModelBatch.Check(compiler, WithBothRoundings(graphs), KernelTier.All);

        static ModelBuilder Blocks(int k, int channels)
        {
            var dice = NewDice(k, channels);
            var builder = new ModelBuilder();
            var input = builder.AddInput([1, 1, 20 + (k % 4), k], 1, dice.Pick(-128, 127, 0, 5));
            var filter = Graphs.Filter(dice, 1, 1, channels, k);
            var weights = filter.Weights.Select((weight, index) => index / k % 3 == 0 ? (sbyte)-128 : index / k % 3 == 1 ? (sbyte)127 : weight);
            return builder.Output(builder.Conv2D(input, filter with { Weights = [.. weights] }, new Result(1, -3)));
        }
    }

    /// <summary>Windows of one channel and of few that reach over every edge of the input, laid out in blocks.</summary>
    [TestCaseSource(nameof(Compilers))]
    public void Windows_over_every_edge(string compiler)
    {
        Tools.Require(compiler);
        var graphs = Enumerable.Range(1, 3).SelectMany(channels => Enumerable.Range(1, 12).Select(number => Graphs.Import(Windows(channels, number)))).ToArray();
        Assert.That(graphs.SelectMany(graph => ModelBatch.Plan(graph).Steps).Count(step => step.Call!.Function.StartsWith("pqs_conv2d_blocks_", StringComparison.Ordinal)), Is.GreaterThan(24));
        ModelBatch.Check(compiler, WithBothRoundings(graphs), KernelTier.All);

        static ModelBuilder Windows(int channels, int number)
        {
            var dice = NewDice(channels, number, 5);
            var builder = new ModelBuilder();
            var input = builder.AddInput([dice.Between(1, 2), dice.Between(5, 9), dice.Between(5, 9), channels], 1, dice.Pick(-128, 127, 0, 5));
            var (height, width) = (dice.Between(1, 6), dice.Between(2, 6));
            var filter = Graphs.Filter(dice, height, width, dice.Between(12, 24), height * width * channels);
            return builder.Output(builder.Conv2D(
                input, filter, new Result(1, -3), new Steps(PaddingKind.Same, dice.Between(1, 2), dice.Between(1, 2), dice.Between(1, 3), dice.Pick(1, 1, 2))));
        }
    }

    /// <summary>Input channels, depth multipliers and kernel widths around the numbers that are computed at once.</summary>
    [TestCaseSource(nameof(Compilers))]
    public void Depthwise_convolutions_of_every_size(string compiler)
    {
        Check(compiler, Enumerable.Range(1, 9).SelectMany(channels => Enumerable.Range(1, 9).Select(multiplier => Depthwise(channels, multiplier))));

        static ModelBuilder Depthwise(int channels, int multiplier)
        {
            var dice = NewDice(channels, multiplier);
            var builder = new ModelBuilder();
            var input = builder.AddInput([dice.Between(1, 2), 5, 4, channels], 1, dice.Pick(-128, 127, 0, 5));
            var (height, width) = (dice.Between(1, 7), 1 + ((channels + multiplier) % 7));
            var result = builder.DepthwiseConv2D(
                input,
                Graphs.Filter(dice, height, width, channels * multiplier, height * width),
                new Result(1, -7),
                new Steps(PaddingKind.Same, dice.Between(1, 6), dice.Between(1, 6), dice.Between(1, 4), dice.Between(1, 4)));
            return builder.Output(result);
        }
    }

    /// <summary>
    /// Kernels of 3x3 taps: output rows and columns around the numbers that are computed at once, products at their ends, zero points at the
    /// end of their range and not, and channels whose multipliers are not those of moderate sums among others.
    /// </summary>
    [TestCaseSource(nameof(Compilers))]
    public void Depthwise_kernels_of_three_by_three(string compiler)
    {
        Check(compiler, Enumerable.Range(1, 8).SelectMany(height => Enumerable.Range(1, 10).Select(width => Depthwise(height, width))));

        static ModelBuilder Depthwise(int height, int width)
        {
            var dice = NewDice(height, width, 3);
            var builder = new ModelBuilder();
            var channels = dice.Between(1, 9);
            var multiplier = dice.Pick(1, 1, 1, 2);
            var steps = new Steps(
                dice.Pick(PaddingKind.Same, PaddingKind.Valid), dice.Pick(1, 1, 2, 3), dice.Pick(1, 1, 1, 2), dice.Pick(1, 1, 1, 2));
            var around = steps.Padding == PaddingKind.Valid ? 2 : 0;
            var input = builder.AddInput(
                [
                    dice.Between(1, 2),
                    ((height - 1) * steps.StrideHeight) + 1 + (around * steps.DilationHeight),
                    ((width - 1) * steps.StrideWidth) + 1 + around,
                    channels,
                ],
                1,
                dice.Pick(-128, 127, 0, 5));
            var filter = Graphs.Filter(dice, 3, 3, channels * multiplier, 9);
            var ends = dice.Between(0, 2);
            var weights = filter.Weights.Select((weight, index) => (index + ends) % 3 == 0 ? weight : ends == 1 ? (sbyte)-128 : ends == 2 ? (sbyte)127 : weight);
            var scales = filter.Scales.Select(scale => dice.Pick(1, 1, 1, 1, 1e-7f, 30) * scale);
            return builder.Output(builder.DepthwiseConv2D(
                input, filter with { Weights = [.. weights], Scales = [.. scales] }, new Result(1, dice.Pick(-128, -128, -7, 127)), steps));
        }
    }

    /// <summary>With a single row, or a single column, of outputs a stride leads nowhere, and may be any number.</summary>
    [TestCaseSource(nameof(Compilers))]
    public void Depthwise_strides_far_beyond_the_input(string compiler)
    {
        Check(compiler, from kernel in (int[])[3, 4] from stride in (int[])[1 << 27, 1 << 29, 2_000_000_000] from channels in (int[])[1, 5] select Strides(kernel, stride, channels));

        static ModelBuilder Strides(int kernel, int stride, int channels)
        {
            var dice = NewDice(kernel, stride & 0xFF, channels);
            var builder = new ModelBuilder();
            var wide = builder.AddInput([1, kernel, kernel + 4, channels], 1, 3);
            var high = builder.AddInput([1, kernel + 4, kernel, channels], 1, 3);
            var filter = Graphs.Filter(dice, kernel, kernel, channels, kernel * kernel);
            return builder.Output(
                builder.DepthwiseConv2D(wide, filter, new Result(1, -7), new Steps(PaddingKind.Valid, stride, 1)),
                builder.DepthwiseConv2D(high, filter, new Result(1, -128), new Steps(PaddingKind.Valid, 1, stride)));
        }
    }

    /// <summary>Windows of more taps than a 16-bit sum of int8 values has room for, and clamps that cut on both sides.</summary>
    [TestCaseSource(nameof(Compilers))]
    public void Pools_of_every_size(string compiler)
    {
        (int Height, int Width)[] windows = [(1, 1), (1, 2), (2, 2), (3, 3), (16, 16), (16, 17), (17, 17), (1, 256), (1, 257), (300, 1), (1, 513), (23, 23)];
        Check(compiler, windows.SelectMany(window => Enumerable.Range(1, 9).Select(channels => Pool(window.Height, window.Width, channels))));

        static ModelBuilder Pool(int height, int width, int channels)
        {
            var dice = NewDice(height, width, channels);
            var builder = new ModelBuilder();
            var input = builder.AddInput([dice.Between(1, 2), height + dice.Between(0, 2), width + dice.Between(0, 2), channels], 1f / 32, 0);
            var steps = new Steps(dice.Pick(PaddingKind.Same, PaddingKind.Valid), height + dice.Between(0, 2), Math.Max(width - 1, 1));
            var activation = dice.Pick(FusedActivation.None, FusedActivation.ReluMinus1To1);
            return builder.Output(builder.AveragePool2D(input, height, width, steps, activation), builder.MaxPool2D(input, height, width, steps, activation));
        }
    }

    [TestCaseSource(nameof(Compilers))]
    public void Softmax_of_every_depth(string compiler)
    {
        int[] depths = [1, 2, 3, 10, 255, 256, 257, 511, 512, 513, 1000, 1024, 4095];
        Check(compiler, depths.SelectMany(depth => new[] { 1e-6f, 0.001f, 0.02f, 0.1f, 1, 15 }.Select(scale => Softmax(depth, scale))));

        static ModelBuilder Softmax(int depth, float scale)
        {
            var builder = new ModelBuilder();
            return builder.Output(builder.Softmax(builder.AddInput([2, depth], scale, 11)));
        }
    }

    [TestCaseSource(nameof(Compilers))]
    public void Layers_that_share_memory(string compiler) => Check(
        compiler,
        [
            // Nothing but a copy.
            Of(b => b.Output(b.Reshape(b.AddInput([6], 1, 0), [2, 3]))),
            Of(b => b.Output(b.Reshape(b.Reshape(b.Reshape(b.AddInput([6], 1, 0), [2, 3]), [1, 1, 6, 1]), [6, 1]))),

            // Each link of a chain of reshapes is an output.
            Of(b =>
            {
                var first = b.Reshape(b.AddInput([6], 1, 0), [2, 3]);
                var second = b.Reshape(first, [3, 2]);
                b.Output(first, second, b.Reshape(second, [6, 1]));
            }),

            // One input given out twice.
            Of(b =>
            {
                var input = b.AddInput([6], 1, 0);
                b.Output(b.Reshape(input, [2, 3]), b.Reshape(input, [3, 2]));
            }),

            // An output that is read again, by a layer that could have overwritten it.
            Of(b =>
            {
                var softmax = b.Softmax(b.AddInput([9], 0.5f, 0));
                var sum = b.Add(softmax, softmax, new Result(1f / 128, -128));
                b.Output(softmax, sum, b.Softmax(sum));
            }),

            // A sum is read by a softmax and, under another shape, by a later layer: neither may overwrite it.
            Of(b =>
            {
                var input = b.AddInput([1, 2, 2, 3], 0.5f, 0);
                var sum = b.Add(input, input, new Result(1, 1));
                var shaped = b.Reshape(sum, [12]);
                var softmax = b.Softmax(sum);
                b.Output(softmax, b.Add(shaped, shaped, new Result(1.5f, 2)));
            }),

            // Two layers work in place, one after the other, while the input of the first lives on under another name.
            Of(b =>
            {
                var sum = b.Add(b.AddInput([8], 1, 0), b.AddInput([8], 2, 3), new Result(1, 0));
                var alias = b.Reshape(sum, [2, 4]);
                var first = b.Add(sum, sum, new Result(2, 0));
                var second = b.Add(first, first, new Result(4, 0));
                b.Output(b.Reshape(b.Add(b.Reshape(second, [2, 4]), alias, new Result(3, 1)), [4, 2]));
            }),

            // The second operand is the one that may be overwritten.
            Of(b =>
            {
                var input = b.AddInput([8], 1, 0);
                var kept = b.Add(input, input, new Result(2, 0));
                var dying = b.Softmax(kept);
                var sum = b.Add(kept, dying, new Result(2, 5));
                b.Output(b.Add(sum, kept, new Result(3, 0)));
            }),
        ]);

    private static ModelBuilder Of(Action<ModelBuilder> build)
    {
        var builder = new ModelBuilder();
        build(builder);
        return builder;
    }

    private static Dice NewDice(params ReadOnlySpan<int> numbers)
    {
        var state = 1u;
        foreach (var number in numbers)
        {
            state = (state * 1000) + (uint)number;
        }

        return new Dice(new PCG(7, state));
    }

    private static void Check(string compiler, IEnumerable<ModelBuilder> builders)
    {
        Tools.Require(compiler);
        ModelBatch.Check(compiler, WithBothRoundings(builders.Select(builder => Graphs.Import(builder))), KernelTier.All);
    }

    /// <summary>Every other network gets the rounding that no imported model has.</summary>
    private static ImmutableArray<ModelCase> WithBothRoundings(IEnumerable<Graph> graphs) =>
        [.. graphs.Select((graph, index) => ModelCase.Of(index % 2 == 0 ? graph : Graphs.WithSingleRounding(graph)))];
}
