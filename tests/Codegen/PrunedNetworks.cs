using System.Collections.Immutable;
using CsCheck;
using Pqs.Codegen.Analysis;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>Networks of pruned layers with weights of few bits: what the packed kernels and the coded storage are for.</summary>
internal static class PrunedNetworks
{
    /// <summary>One layer, or two of which the second's input cannot go below its zero point.</summary>
    public static Graph Single(uint number)
    {
        var dice = new Dice(new PCG(11, number));
        var builder = new ModelBuilder();
        var input = builder.AddInput(Shape(dice), 1, dice.Pick(-128, -128, 127, 0, 5));
        return Finish(builder.Output(Layer(builder, dice, Before(builder, dice, input))), number);
    }

    /// <summary>Many layers, each an output: all in one program.</summary>
    public static Graph Many(uint number, int layers)
    {
        var dice = new Dice(new PCG(12, number));
        var builder = new ModelBuilder();
        var image = builder.AddInput([1, dice.Between(4, 6), dice.Between(4, 6), dice.Between(3, 40)], 1, dice.Pick(-128, 3));
        var second = Before(builder, dice, image);
        return Finish(builder.Output([.. Enumerable.Range(0, layers).Select(_ => Layer(builder, dice, dice.Pick(image, second)))]), number);
    }

    /// <summary>Layers, each with an input of its own: lengths around the steps by which groups, vectors and windows of offsets advance, and images of several blocks.</summary>
    public static Graph OfEverySize(Pruning pruning, uint number)
    {
        var dice = new Dice(new PCG(16, number));
        var builder = new ModelBuilder();
        var outputs = new List<Activation>();
        int[] depths = [1, 2, 3, 5, 8, 13, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257, 511, 512, 513, 1040];
        foreach (var depth in depths)
        {
            outputs.Add(builder.Conv2D(Input(1, 1 + (depth % 13), depth), pruning.Filter(dice, 1, 1, 3, depth), Result()));
            outputs.Add(builder.FullyConnected(Input(1, 1, depth), pruning.Filter(dice, 1, 1, 9 + (depth % 4), depth), Result()));
        }

        (int Height, int Width, int Channels, int KernelHeight, int KernelWidth, Steps Steps)[] images =
        [
            (19, 11, 4, 3, 3, new(PaddingKind.Same)),
            (9, 23, 5, 3, 3, new(PaddingKind.Same, 2, 2)),
            (30, 7, 3, 2, 5, new(PaddingKind.Valid, 3, 1)),
            (14, 14, 4, 3, 3, new(PaddingKind.Same, 1, 1, 2, 2)),
            (40, 9, 8, 1, 3, new(PaddingKind.Same)),
            (40, 9, 8, 1, 3, new(PaddingKind.Valid, 2, 3)),
            (33, 8, 6, 5, 1, new(PaddingKind.Same, 2, 1)),
            (25, 13, 16, 1, 1, new(PaddingKind.Valid, 2, 2)),
        ];
        foreach (var (height, width, channels, kernelHeight, kernelWidth, steps) in images)
        {
            var filter = pruning.Filter(dice, kernelHeight, kernelWidth, 4, kernelHeight * kernelWidth * channels);
            outputs.Add(builder.Conv2D(Input(height, width, channels), filter, Result(), steps));
        }

        return Finish(builder.Output([.. outputs]), number);

        Activation Input(int height, int width, int channels) => builder.AddInput([1, height, width, channels], 1, dice.Pick(-128, 127, 0, 5));

        Result Result() => new(1, dice.Pick(-128, 0, 7, 127), dice.Pick(FusedActivation.None, FusedActivation.Relu));
    }

    /// <summary>
    /// Convolutions, each with an input of its own: images around the pixels of a block, windows that overlap and that do not, and
    /// sums that are exact, saturated to 16 bits and to others.
    /// </summary>
    public static Graph Convolutions(uint number, Pruning pruning)
    {
        var dice = new Dice(new PCG(27, number));
        var builder = new ModelBuilder();
        (int Height, int Width, int Channels, int KernelHeight, int KernelWidth, Steps Steps)[] images =
        [
            (1, 1, 4, 1, 1, new(PaddingKind.Valid)),
            (1, 7, 8, 1, 1, new(PaddingKind.Valid)),
            (2, 8, 12, 1, 1, new(PaddingKind.Valid)),
            (3, 3, 64, 1, 1, new(PaddingKind.Valid)),
            (1, 3, 360, 1, 1, new(PaddingKind.Valid)),
            (6, 11, 4, 3, 3, new(PaddingKind.Same)),
            (4, 16, 8, 3, 3, new(PaddingKind.Same)),
            (3, 8, 16, 3, 3, new(PaddingKind.Same)),
            (5, 17, 4, 2, 5, new(PaddingKind.Valid)),
            (9, 19, 4, 3, 3, new(PaddingKind.Same, 2, 2)),
            (9, 13, 4, 3, 2, new(PaddingKind.Valid, 1, 3)),
            (12, 14, 4, 3, 3, new(PaddingKind.Same, 1, 1, 2, 2)),
            (12, 20, 8, 3, 3, new(PaddingKind.Same, 1, 1, 2, 1)),
            (10, 4, 20, 5, 1, new(PaddingKind.Same, 2, 1)),
            (8, 8, 36, 3, 3, new(PaddingKind.Same)),
            (4, 9, 16, 1, 1, new(PaddingKind.Valid, 2, 2)),

            // Columns that end where a block has next to no room.
            (7, 12, 8, 1, 1, new(PaddingKind.Valid)),
            (10, 12, 8, 1, 1, new(PaddingKind.Valid)),
            (11, 11, 8, 1, 1, new(PaddingKind.Valid)),
        ];
        var graph = Graphs.Import(builder.Output([.. images.Select(image => builder.Conv2D(
            builder.AddInput([dice.Between(1, 2), image.Height, image.Width, image.Channels], 1, dice.Pick(-128, 127, 0, 5)),
            pruning.Filter(dice, image.KernelHeight, image.KernelWidth, dice.Between(1, 7), image.KernelHeight * image.KernelWidth * image.Channels),
            new Result(1, dice.Pick(-128, 0, 7, 127), dice.Pick(FusedActivation.None, FusedActivation.Relu)),
            image.Steps))]));
        return With(graph, (_, _) => dice.Pick(Accumulator.Wide, new(16, Schedule.Exact), new(16, Schedule.Exact), new(dice.Between(9, 20), Schedule.Exact)));
    }

    /// <summary>Fully connected layers of which channels share positions, each with an input of its own: lengths around the steps of loops.</summary>
    public static Graph SharedPositions(uint number, int shared)
    {
        var dice = new Dice(new PCG(24, number));
        var builder = new ModelBuilder();
        int[] depths = [1, 4, 5, 8, 9, 16, 27, 31, 32, 33, 40, 63, 64, 96, 100, 255, 256, 511, 512, 513, 1024, 1025, 1040];
        return Finish(
            builder.Output([.. depths.Select(depth => builder.FullyConnected(
                builder.AddInput([dice.Between(1, 2), depth], 1, dice.Pick(-128, 127, 0, 5)),
                new Pruning(2, 4, dice.Pick(5, 6, 8), shared).Filter(dice, 1, 1, 8 + (depth % 9), depth),
                new Result(1, dice.Pick(-128, 0, 7, 127), dice.Pick(FusedActivation.None, FusedActivation.Relu))))]),
            number);
    }

    /// <summary>The same network with accumulators of a schedule.</summary>
    public static Graph With(Graph graph, Func<int, DotProductOperator, Accumulator> choose) => Verified(graph with
    {
        Nodes = [.. graph.Nodes.Select((node, index) => node.Operator is DotProductOperator dot ? node with { Operator = dot with { Accumulator = choose(index, dot) } } : node)],
    });

    private static Graph Finish(ModelBuilder builder, uint number)
    {
        var random = new Random((int)number);
        var graph = Graphs.Import(builder);
        var ranges = RangeAnalysis.Run(graph);
        return Verified(graph with
        {
            Nodes =
            [
                .. graph.Nodes.Select(node => node.Operator is DotProductOperator dot
                    ? node with
                    {
                        Operator = dot with
                        {
                            Rounding = random.Next(2) == 0 ? Rounding.Double : Rounding.Single,
                            Accumulator = Choose(random, AccumulatorAnalysis.Run(dot, ranges[node.Inputs[0]], graph.Tensors[node.Inputs[0]].Quantization.ZeroPoint)),
                        },
                    }
                    : node),
            ],
        });
    }

    /// <summary>Mostly one that gives the exact sum; else a literal order, in a width that has loops.</summary>
    private static Accumulator Choose(Random random, ImmutableArray<ChannelBounds> bounds)
    {
        var bits = random.Next(Accumulator.MinimumBits, 17);
        return random.Next(8) switch
        {
            0 => Accumulator.Wide,
            1 or 2 => new Accumulator(random.Next(Accumulator.MinimumBits, Accumulator.MaximumBits), Schedule.Exact),
            3 => new Accumulator(bounds.Max(channel => Math.Max(channel.BitsForAnyOrder, Accumulator.MinimumBits)), Schedule.Bounded),
            4 => new Accumulator(bits, Schedule.Natural),
            5 => new Accumulator(bits, Schedule.Alternating),
            6 => new Accumulator(bits, new Schedule.Sorted(random.Next(2) == 0 ? null : 1, random.Next(2) == 0 ? null : random.Next(2, 20))),
            _ => new Accumulator(bits, Schedule.Exact),
        };
    }

    private static ImmutableArray<int> Shape(Dice dice) => dice.Between(0, 5) switch
    {
        0 => [1, dice.Between(1, 3), dice.Between(1, 9), dice.Between(1, 40)],
        1 => [dice.Between(1, 3), dice.Between(1, 6), dice.Between(1, 6), dice.Between(1, 9)],
        2 => [1, 1, dice.Between(1, 40), dice.Between(1, 12)],
        3 => [1, 6, 6, 4 * dice.Between(1, 5)],
        _ => [1, dice.Between(3, 9), dice.Between(3, 9), dice.Between(1, 8)],
    };

    /// <summary>The input itself, or a layer's result with a range of its own.</summary>
    private static Activation Before(ModelBuilder builder, Dice dice, Activation input)
    {
        var (scale, zeroPoint, activation) = dice.Pick((1f, -128, FusedActivation.Relu), (6f / 200, -128, FusedActivation.Relu6), (1f, 9, FusedActivation.None), (1f, -40, FusedActivation.Relu));
        return dice.Chance(30)
            ? input
            : builder.Conv2D(input, Graphs.Filter(dice, 1, 1, dice.Between(2, 12), input.Shape[3]), new Result(scale, zeroPoint, activation));
    }

    private static Activation Layer(ModelBuilder builder, Dice dice, Activation input)
    {
        var pruning = Pruning.Any(dice);
        var result = new Result(1, dice.Pick(-128, 0, 7, 127), dice.Pick(FusedActivation.None, FusedActivation.Relu));
        var channels = dice.Between(1, 12);
        switch (dice.Between(0, 6))
        {
            case 0:
                return builder.FullyConnected(input, pruning.Filter(dice, 1, 1, dice.Between(1, 20), input.ElementCount), result);
            case 1:
                return builder.FullyConnected(input, (pruning with { N = 2, M = 4, Shared = dice.Pick(2, 4) }).Filter(dice, 1, 1, dice.Between(1, 20), input.ElementCount), result);
            case 2 or 3:
                var (rows, columns) = dice.Pick((3, 3), (3, 3), (dice.Between(1, 7), dice.Between(1, 7)));
                return builder.DepthwiseConv2D(input, pruning.DepthwiseFilter(dice, rows, columns, input.Shape[3] * dice.Pick(1, 1, 1, 2, 3)), result, Steps(dice));
            default:
                var (height, width) = (dice.Between(1, 4), dice.Between(1, 4));
                var steps = Steps(dice);
                return builder.Conv2D(input, pruning.Filter(dice, height, width, channels, height * width * input.Shape[3]), result, steps);
        }
    }

    private static Steps Steps(Dice dice) => new(PaddingKind.Same, dice.Pick(1, 1, 2), dice.Pick(1, 1, 3), dice.Pick(1, 1, 2), dice.Pick(1, 1, 2));

    private static Graph Verified(Graph graph)
    {
        var diagnostics = new DiagnosticBag();
        return GraphVerifier.Verify(graph, diagnostics) ? graph : throw new InvalidOperationException(string.Join('\n', diagnostics.ToImmutable()));
    }
}
