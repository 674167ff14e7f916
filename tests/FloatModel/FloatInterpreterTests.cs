using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Tests.FloatModel;

internal sealed class FloatInterpreterTests
{
    /// <summary>The inputs' columns, multiplied in natural order with one rounding for each product, are the interpreter's results bit for bit.</summary>
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    [TestCase(5)]
    public void A_dot_product_is_its_products_in_natural_order(int number)
    {
        var random = new Random(number);
        var graph = OneLayer(random, number);
        var dot = (FloatDotProductOperator)graph.Nodes[0].Operator;
        var input = graph.Tensors[0].Shape;
        var sample = Numbers(random, input.ElementCount);
        var output = FloatInterpreter.Run(graph, sample)[1];

        Assert.That(output, Has.Length.EqualTo(InputColumns.RowCount(dot, input) * dot.OutputChannels));
        for (var channel = 0; channel < dot.OutputChannels; channel++)
        {
            var multiplier = dot is FloatDepthwiseConv2D depthwise ? depthwise.DepthMultiplier : dot.OutputChannels;
            var columns = InputColumns.Gather(dot, input, sample, channel / multiplier);
            for (var row = 0; row < InputColumns.RowCount(dot, input); row++)
            {
                var sum = 0f;
                for (var k = 0; k < dot.ProductCount; k++)
                {
                    sum = MathF.FusedMultiplyAdd(columns[(row * dot.ProductCount) + k], dot.Weight(channel, k), sum);
                }

                Assert.That(output[(row * dot.OutputChannels) + channel], Is.EqualTo(dot.Activation.Clamp(sum + dot.Bias[channel])), $"row {row} of channel {channel}");
            }
        }
    }

    [Test]
    public void Some_rows_are_those_of_all()
    {
        var random = new Random(9);
        var graph = OneLayer(random, 0);
        var dot = (FloatDotProductOperator)graph.Nodes[0].Operator;
        var input = graph.Tensors[0].Shape;
        var sample = Numbers(random, input.ElementCount);
        var rows = new float[5 * dot.ProductCount];
        InputColumns.Gather(dot, input, sample, 0, 7, rows);

        Assert.That(rows, Is.EqualTo(InputColumns.Gather(dot, input, sample)[(7 * dot.ProductCount)..(12 * dot.ProductCount)]));
    }

    [Test]
    public void Results_do_not_depend_on_threads()
    {
        var graph = FloatComparison.Import(RandomNetwork.Numbered(5));
        var random = new Random(5);
        float[][] samples = [.. Enumerable.Range(0, 64).Select(_ => Numbers(random, graph.InputElements))];
        var alone = samples.Select(sample => FloatInterpreter.Outputs(graph, FloatInterpreter.Run(graph, sample))).ToArray();
        var together = new float[samples.Length][];
        Parallel.For(0, samples.Length, i => together[i] = FloatInterpreter.Outputs(graph, FloatInterpreter.Run(graph, samples[i])));

        Assert.That(together, Is.EqualTo(alone));
    }

    [Test]
    public void Numbers_that_are_none_stay_so()
    {
        var graph = OneLayer(new Random(1), 4);
        var output = FloatInterpreter.Run(graph, [.. Enumerable.Repeat(float.NaN, graph.InputElements)])[1];

        Assert.That(output, Is.All.NaN);
    }

    /// <summary>Convolutions, depthwise ones and matrices, of sizes around those of vectors and blocks.</summary>
    private static FloatGraph OneLayer(Random random, int number)
    {
        var window = new Window(new WindowAxis(3, 2, 1, 1, 0), new WindowAxis(2, 1, 2, 0, 1));
        var image = new Shape(2, 7, 8, 5);
        return number switch
        {
            0 => Graph(image, new Shape(2, 3, 7, 17), Constants(new FloatConv2D(window, 5) { Weights = [], Bias = [], Activation = FloatRange.Relu6 }, 17, random)),
            1 => Graph(image, new Shape(2, 7, 8, 16), Constants(new FloatConv2D(Point, 5) { Weights = [], Bias = [], Activation = FloatRange.None }, 16, random)),
            2 => Graph(image, new Shape(2, 3, 7, 5), Constants(new FloatDepthwiseConv2D(window, 5, 1) { Weights = [], Bias = [], Activation = FloatRange.Relu }, 5, random)),
            3 => Graph(image, new Shape(2, 3, 7, 20), Constants(new FloatDepthwiseConv2D(window, 5, 4) { Weights = [], Bias = [], Activation = FloatRange.None }, 20, random)),
            4 => Graph(new Shape(1, 130), new Shape(1, 33), Constants(new FloatFullyConnected(130) { Weights = [], Bias = [], Activation = FloatRange.Relu }, 33, random)),
            _ => Graph(new Shape(7, 12), new Shape(7, 3), Constants(new FloatFullyConnected(12) { Weights = [], Bias = [], Activation = new FloatRange(-0.5f, 0.5f) }, 3, random)),
        };
    }

    private static Window Point => new(WindowAxis.Valid(1, 1, 1), WindowAxis.Valid(1, 1, 1));

    private static FloatDotProductOperator Constants(FloatDotProductOperator dot, int channels, Random random) =>
        dot with { Weights = [.. Numbers(random, channels * dot.ProductCount)], Bias = [.. Numbers(random, channels)] };

    private static FloatGraph Graph(Shape input, Shape output, FloatDotProductOperator dot) => new(
        "net", "", [new FloatTensor("in", input), new FloatTensor("out", output)], [new FloatNode("node 0", dot, [0], 1)], [0], ImmutableArray.Create(1));

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
}
