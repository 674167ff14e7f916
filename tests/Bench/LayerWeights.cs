using System.Collections.Immutable;
using Pqs.Codegen.Passes;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.Bench;

/// <summary>What the weights of a measured layer are like.</summary>
/// <param name="Name">For people.</param>
/// <param name="Bits">Two's complement bits of a weight.</param>
/// <param name="Kept">N of N:M, the greatest.</param>
/// <param name="Group">M of N:M.</param>
/// <param name="SharedBy">Adjacent output channels that have their zeros in the same places.</param>
internal sealed record LayerWeights(string Name, int Bits, int Kept, int Group, int SharedBy)
{
    public static ImmutableArray<LayerWeights> All { get; } =
    [
        new("dense, 8 bits, as TensorFlow Lite has them", 8, 1, 1, 1),
        new("2:4, 8 bits", 8, 2, 4, 1),
        new("2:4, 6 bits", 6, 2, 4, 1),
        new("2:4, 5 bits", 5, 2, 4, 1),
        new("4:8, 8 bits", 8, 4, 8, 1),
        new("4:8, 6 bits", 6, 4, 8, 1),
        new("1:4, 6 bits", 6, 1, 4, 1),
        new("1:4, 5 bits", 5, 1, 4, 1),
        new("2:4 shared by 4 channels, 6 bits", 6, 2, 4, 4),
        new("2:4 shared by 2 channels, 6 bits", 6, 2, 4, 2),
    ];

    public bool IsDense => Kept == Group;

    /// <summary>
    /// A network of all shapes, each a layer with an input and an output of its own. Inputs are as they come behind a ReLU; outputs of pruned layers have their zero point in
    /// the middle, so that sums of 16 bits hold all that they can be.
    /// </summary>
    public Graph Network(ImmutableArray<LayerShape> shapes)
    {
        var random = new Random(1);
        var graph = new Graph(
            "bench",
            new string('0', 64),
            [
                .. shapes.Select((shape, index) => new Tensor($"in{index}", shape.Input, new Quantization(1 / 255f, -128), index)),
                .. shapes.Select((shape, index) => new Tensor($"out{index}", shape.Output, new Quantization(1 / 255f, IsDense ? -128 : 0), shapes.Length + index)),
            ],
            [.. shapes.Select((shape, index) => new Node($"node {index}", Operator(shape, random), [index], shapes.Length + index))],
            [.. Enumerable.Range(0, shapes.Length)],
            [.. Enumerable.Range(shapes.Length, shapes.Length)]);
        var diagnostics = new DiagnosticBag();
        var requests = new AccumulatorRequests(IsDense ? null : new AccumulatorRequest(16, null), []);
        return SetAccumulators.Run(graph, requests, diagnostics) ?? throw new InvalidOperationException(string.Join('\n', diagnostics.ToImmutable()));
    }

    /// <summary>Bell-shaped, as trained weights are: the greatest weight is three standard deviations.</summary>
    private static sbyte Draw(Random random, int limit)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var weight = Math.Clamp((int)Math.Round(normal * limit / 3), -limit, limit);
        return (sbyte)(weight == 0 ? 1 : weight);
    }

    private DotProductOperator Operator(LayerShape shape, Random random)
    {
        DotProductOperator layer = shape.Kind switch
        {
            LayerKind.Convolution => With(new Conv2D(shape.Window, shape.Input[3]) { Weights = [], WeightScales = [], Bias = [], Requantizations = [], Rounding = default, Accumulator = default, OutputRange = default }),
            LayerKind.Depthwise => With(new DepthwiseConv2D(shape.Window, shape.Input[3], 1) { Weights = [], WeightScales = [], Bias = [], Requantizations = [], Rounding = default, Accumulator = default, OutputRange = default }),
            _ => With(new FullyConnected(shape.Input[1]) { Weights = [], WeightScales = [], Bias = [], Requantizations = [], Rounding = default, Accumulator = default, OutputRange = default }),
        };
        var weights = new sbyte[shape.OutputChannels * shape.Products];
        var limit = (1 << (Bits - 1)) - 1;
        for (var channel = 0; channel < shape.OutputChannels; channel++)
        {
            for (var start = 0; start < shape.Products; start += Group)
            {
                var group = Enumerable.Range(start, Math.Min(Group, shape.Products - start)).ToArray();
                var drawn = Array.ConvertAll(group, _ => Draw(random, limit));
                var isShared = channel % SharedBy != 0;
                int[] kept = isShared ? [.. group.Index().Where(entry => weights[layer.WeightIndex(channel - 1, entry.Item)] != 0).Select(entry => entry.Index)]
                    : [.. drawn.Index().OrderByDescending(entry => Math.Abs(entry.Item)).Take(Kept).Select(entry => entry.Index)];
                foreach (var index in kept)
                {
                    weights[layer.WeightIndex(channel, group[index])] = drawn[index];
                }
            }
        }

        return layer with { Weights = [.. weights] };

        DotProductOperator With(DotProductOperator bare) => bare with
        {
            WeightScales = [1],
            Bias = [.. Enumerable.Range(0, shape.OutputChannels).Select(_ => random.Next(-2000, 2000))],
            Requantizations = [.. Enumerable.Range(0, shape.OutputChannels).Select(_ => new Requantization(random.Next(1 << 30, int.MaxValue), -7))],
            Rounding = IsDense ? Rounding.Double : Rounding.Single,
            Accumulator = Accumulator.Wide,
            OutputRange = OutputRange.Full,
        };
    }
}
