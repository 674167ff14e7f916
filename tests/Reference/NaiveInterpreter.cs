using System.Collections.Immutable;
using System.Numerics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.Reference;

/// <summary>
/// A second interpreter, written from docs/numerics.md alone: each output element by itself, from coordinates, in unlimited integers. It computes no shapes,
/// takes nothing from Pqs.Reference but the records, and is slow.
/// </summary>
internal static class NaiveInterpreter
{
    public static ImmutableArray<sbyte[]> Run(Graph graph, ReadOnlySpan<sbyte> sample)
    {
        var values = new sbyte[graph.Tensors.Length][];
        var taken = 0;
        foreach (var id in graph.Inputs)
        {
            var count = Count(graph.Tensors[id].Shape);
            values[id] = sample.Slice(taken, count).ToArray();
            taken += count;
        }

        foreach (var node in graph.Nodes)
        {
            var inputs = node.Inputs.Select(id => new Operand(graph.Tensors[id], values[id])).ToArray();
            var output = graph.Tensors[node.Output];
            values[node.Output] = node.Operator is Softmax softmax
                ? SoftmaxOracle.Rows(inputs[0].Elements, output.Shape.Dimensions[^1], softmax)
                : [.. Enumerable.Range(0, Count(output.Shape)).Select(position => checked((sbyte)Element(node.Operator, inputs, output, position)))];
        }

        return [.. values];
    }

    private static int Count(Shape shape) => shape.Dimensions.Aggregate(1, (product, dimension) => product * dimension);

    private static int Element(Operator @operator, Operand[] inputs, Tensor output, int position) => @operator switch
    {
        Conv2D or DepthwiseConv2D => Convolved(@operator, inputs[0], output, Coordinates(output.Shape, position)),
        FullyConnected fullyConnected => Connected(fullyConnected, inputs[0], output, position),
        Add add => Added(add, inputs[0], inputs[1], output, position),
        Pool2D pool => Pooled(pool, inputs[0], Coordinates(output.Shape, position)),
        Reshape => inputs[0].Elements[position],
        Pad pad => Padded(pad, inputs[0], Coordinates(output.Shape, position)),
        _ => throw new ArgumentException($"No such operator: {@operator.Name}", nameof(@operator)),
    };

    private static int[] Coordinates(Shape shape, int position)
    {
        var coordinates = new int[shape.Dimensions.Length];
        for (var axis = coordinates.Length - 1; axis >= 0; axis--)
        {
            (position, coordinates[axis]) = Math.DivRem(position, shape.Dimensions[axis]);
        }

        return coordinates;
    }

    private static int Convolved(Operator @operator, Operand input, Tensor output, int[] at)
    {
        var (window, firstChannel, channels) = @operator switch
        {
            Conv2D conv => (conv.Window, 0, conv.InputChannels),
            DepthwiseConv2D depthwise => (depthwise.Window, at[3] / depthwise.DepthMultiplier, 1),
            _ => throw new ArgumentException("Not a convolution.", nameof(@operator)),
        };
        var dot = (DotProductOperator)@operator;
        var products =
            from row in Enumerable.Range(0, window.Vertical.Kernel)
            from column in Enumerable.Range(0, window.Horizontal.Kernel)
            from channel in Enumerable.Range(0, channels)
            let x = input.At(
                at[0],
                (at[1] * window.Vertical.Stride) + (row * window.Vertical.Dilation) - window.Vertical.PadBefore,
                (at[2] * window.Horizontal.Stride) + (column * window.Horizontal.Dilation) - window.Horizontal.PadBefore,
                firstChannel + channel) ?? input.ZeroPoint
            let tap = (row * window.Horizontal.Kernel) + column
            let weight = @operator is Conv2D
                ? dot.Weights[(((at[3] * window.Vertical.Kernel * window.Horizontal.Kernel) + tap) * channels) + channel]
                : dot.Weights[(tap * output.Shape.Dimensions[3]) + at[3]]
            select (BigInteger)weight * (x - input.ZeroPoint);
        return Finished(dot, at[3], products, output);
    }

    private static int Connected(FullyConnected fullyConnected, Operand input, Tensor output, int position)
    {
        var channels = fullyConnected.Bias.Length;
        var (row, channel) = Math.DivRem(position, channels);
        var size = fullyConnected.Weights.Length / channels;
        var products = Enumerable.Range(0, size).Select(k =>
            (BigInteger)fullyConnected.Weights[(channel * size) + k] * (input.Elements[(row * size) + k] - input.ZeroPoint));
        return Finished(fullyConnected, channel, products, output);
    }

    private static int Finished(DotProductOperator dot, int channel, IEnumerable<BigInteger> products, Tensor output)
    {
        var sum = products.Aggregate(BigInteger.Zero, (total, product) => ExactArithmetic.Saturate(total + product, dot.Accumulator.Bits));
        var scaled = ExactArithmetic.Requantize(sum + dot.Bias[channel], dot.Requantizations[channel], dot.Rounding);
        return (int)BigInteger.Clamp(scaled + output.Quantization.ZeroPoint, dot.OutputRange.Minimum, dot.OutputRange.Maximum);
    }

    private static int Added(Add add, Operand first, Operand second, Tensor output, int position)
    {
        var sum = Scaled(first, add.First) + Scaled(second, add.Second);
        var scaled = ExactArithmetic.Requantize(sum, add.Output, Rounding.Double);
        return (int)BigInteger.Clamp(scaled + output.Quantization.ZeroPoint, add.OutputRange.Minimum, add.OutputRange.Maximum);

        BigInteger Scaled(Operand operand, Requantization factor) =>
            ExactArithmetic.Requantize((BigInteger)(operand.Elements[position] - operand.ZeroPoint) << 20, factor, Rounding.Double);
    }

    private static int Pooled(Pool2D pool, Operand input, int[] at)
    {
        var taps = (
            from row in Enumerable.Range(0, pool.Window.Vertical.Kernel)
            from column in Enumerable.Range(0, pool.Window.Horizontal.Kernel)
            let x = input.At(
                at[0],
                (at[1] * pool.Window.Vertical.Stride) + row - pool.Window.Vertical.PadBefore,
                (at[2] * pool.Window.Horizontal.Stride) + column - pool.Window.Horizontal.PadBefore,
                at[3])
            where x != null
            select x.Value).ToArray();
        var pooled = pool is MaxPool2D ? taps.Max() : (int)Math.Round((decimal)taps.Sum() / taps.Length, MidpointRounding.AwayFromZero);
        return Math.Clamp(pooled, pool.OutputRange.Minimum, pool.OutputRange.Maximum);
    }

    private static int Padded(Pad pad, Operand input, int[] at)
    {
        var position = 0;
        for (var axis = 0; axis < at.Length; axis++)
        {
            var coordinate = at[axis] - pad.Before[axis];
            if (coordinate < 0 || coordinate >= input.Shape[axis])
            {
                return input.ZeroPoint;
            }

            position = (position * input.Shape[axis]) + coordinate;
        }

        return input.Elements[position];
    }

    private sealed record Operand(Tensor Tensor, sbyte[] Elements)
    {
        public int ZeroPoint => Tensor.Quantization.ZeroPoint;

        public ImmutableArray<int> Shape => Tensor.Shape.Dimensions;

        /// <summary>An element of an image, or null outside it.</summary>
        public int? At(int batch, int row, int column, int channel) =>
            row < 0 || column < 0 || row >= Shape[1] || column >= Shape[2]
                ? null
                : Elements[(((((batch * Shape[1]) + row) * Shape[2]) + column) * Shape[3]) + channel];
    }
}
