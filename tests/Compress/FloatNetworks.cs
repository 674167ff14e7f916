using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Tests.Compress;

/// <summary>Small float networks with random weights, and random data for them.</summary>
internal static class FloatNetworks
{
    /// <summary>Every operator that compression knows, with a residual connection.</summary>
    public static FloatGraph EveryOperator(int seed = 1)
    {
        var builder = new Builder(seed, new Shape(1, 10, 10, 3));
        var padded = builder.Add(new FloatPad([0, 1, 1, 0], [0, 1, 1, 0]), new Shape(1, 12, 12, 3), 0);
        var conv = builder.Conv(padded, 8, 3, 1, isSame: false, FloatRange.Relu);
        var depthwise = builder.Depthwise(conv, 3, FloatRange.Relu6);
        var pointwise = builder.Conv(depthwise, 8, 1, 1, isSame: true, FloatRange.None);
        var sum = builder.Add(new FloatAdd(FloatRange.Relu), builder.Shape(conv), conv, pointwise);
        var pooled = builder.Add(new FloatMaxPool2D(Square(2, 2), FloatRange.None), new Shape(1, 5, 5, 8), sum);
        var strided = builder.Conv(pooled, 16, 3, 2, isSame: true, FloatRange.Relu);
        var mean = builder.Add(new FloatAveragePool2D(Square(3, 1), FloatRange.None), new Shape(1, 1, 1, 16), strided);
        var flat = builder.Add(new FloatReshape(), new Shape(1, 16), mean);
        var logits = builder.FullyConnected(flat, 10, FloatRange.None);
        return builder.Build(builder.Add(new FloatSoftmax(), builder.Shape(logits), logits));
    }

    /// <summary>Two matrices with a ReLU between them.</summary>
    public static FloatGraph Perceptron(int seed = 1, int inputs = 32, int hidden = 24)
    {
        var builder = new Builder(seed, new Shape(1, inputs));
        return builder.Build(builder.FullyConnected(builder.FullyConnected(0, hidden, FloatRange.Relu), 10, FloatRange.None));
    }

    /// <summary>Smooth, non-negative data, as images are.</summary>
    public static ImmutableArray<float[]> Samples(FloatGraph graph, int count, int seed = 7)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Sample(random, graph.InputElements))];
    }

    private static float[] Sample(Random random, int size)
    {
        var sample = new float[size];
        var value = random.NextDouble();
        for (var i = 0; i < size; i++)
        {
            value = Math.Clamp(value + (0.3 * (random.NextDouble() - 0.5)), 0, 1);
            sample[i] = (float)value;
        }

        return sample;
    }

    private static Window Square(int kernel, int stride) => new(WindowAxis.Valid(kernel, stride, 1), WindowAxis.Valid(kernel, stride, 1));

    private sealed class Builder(int seed, Shape input)
    {
        private readonly Random _random = new(seed);
        private readonly List<FloatTensor> _tensors = [new("input", input)];
        private readonly List<FloatNode> _nodes = [];

        public Shape Shape(int id) => _tensors[id].Shape;

        public int Add(FloatOperator @operator, Shape output, params ImmutableArray<int> inputs)
        {
            _tensors.Add(new FloatTensor($"t{_tensors.Count}", output));
            _nodes.Add(new FloatNode($"node {_nodes.Count} {@operator.Name}", @operator, inputs, _tensors.Count - 1));
            return _tensors.Count - 1;
        }

        public int Conv(int id, int channels, int kernel, int stride, bool isSame, FloatRange activation)
        {
            var shape = Shape(id);
            var axis = isSame ? WindowAxis.Same(shape[1], kernel, stride, 1) : WindowAxis.Valid(kernel, stride, 1);
            var size = (int)axis.OutputSize(shape[1]);
            return Add(
                new FloatConv2D(new Window(axis, axis), shape[3]) { Weights = Weights(channels, kernel * kernel * shape[3]), Bias = Biases(channels), Activation = activation },
                new Shape(1, size, size, channels),
                id);
        }

        public int Depthwise(int id, int kernel, FloatRange activation)
        {
            var shape = Shape(id);
            var axis = WindowAxis.Same(shape[1], kernel, 1, 1);
            return Add(
                new FloatDepthwiseConv2D(new Window(axis, axis), shape[3], 1)
                {
                    Weights = Weights(shape[3], kernel * kernel),
                    Bias = Biases(shape[3]),
                    Activation = activation,
                },
                shape,
                id);
        }

        public int FullyConnected(int id, int channels, FloatRange activation)
        {
            var inputs = Shape(id).ElementCount;
            return Add(
                new FloatFullyConnected(inputs) { Weights = Weights(channels, inputs), Bias = Biases(channels), Activation = activation },
                new Shape(1, channels),
                id);
        }

        public FloatGraph Build(int output)
        {
            var graph = new FloatGraph("net", new string('0', 64), [.. _tensors], [.. _nodes], [0], [output]);
            var diagnostics = new DiagnosticBag();
            return FloatGraphVerifier.Verify(graph, diagnostics) ? graph : throw new InvalidOperationException(string.Join('\n', diagnostics.ToImmutable()));
        }

        private ImmutableArray<float> Weights(int channels, int products)
        {
            var spread = Math.Sqrt(6.0 / products);
            return [.. Enumerable.Range(0, channels * products).Select(_ => (float)(((2 * _random.NextDouble()) - 1) * spread))];
        }

        private ImmutableArray<float> Biases(int channels) => [.. Enumerable.Range(0, channels).Select(_ => (float)(_random.NextDouble() - 0.5) / 4)];
    }
}
