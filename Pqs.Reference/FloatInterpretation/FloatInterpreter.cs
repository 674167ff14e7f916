using System.Collections.Immutable;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Reference.FloatInterpretation;

/// <summary>
/// Runs a float graph, one sample at a time, fast enough for calibration. Values and sums are of single precision.
/// <para>
/// A dot product is the sum of its products in natural order, each added with one rounding (fused multiply-add), plus the bias; then it is clamped.
/// So results depend neither on the number of threads nor on the width of the processor's vectors. Only softmax uses a function of the platform's mathematical
/// library, in double precision. It is safe to run one graph on several threads.
/// </para>
/// </summary>
public static class FloatInterpreter
{
    /// <summary>Computes every tensor.</summary>
    /// <param name="graph">A verified graph.</param>
    /// <param name="sample">The input tensors one after another: <see cref="FloatGraph.InputElements"/> elements.</param>
    /// <returns>The elements of each tensor, by tensor id, innermost dimension fastest. Tensors that a reshape joins share an array.</returns>
    public static ImmutableArray<float[]> Run(FloatGraph graph, ReadOnlySpan<float> sample)
    {
        var values = new float[graph.Tensors.Length][];
        foreach (var id in graph.Inputs)
        {
            var size = graph.Tensors[id].Shape.ElementCount;
            values[id] = sample[..size].ToArray();
            sample = sample[size..];
        }

        foreach (var node in graph.Nodes)
        {
            values[node.Output] = Evaluate(graph, node, values);
        }

        return ImmutableArray.Create(values);
    }

    /// <summary>The output tensors of one sample, one after another: <see cref="FloatGraph.OutputElements"/> elements.</summary>
    public static float[] Outputs(FloatGraph graph, ImmutableArray<float[]> values) => [.. graph.Outputs.SelectMany(id => values[id])];

    private static float[] Evaluate(FloatGraph graph, FloatNode node, float[][] values)
    {
        var input = values[node.Inputs[0]];
        if (node.Operator is FloatReshape)
        {
            return input;
        }

        var inputShape = graph.Tensors[node.Inputs[0]].Shape;
        var outputShape = graph.Tensors[node.Output].Shape;
        var output = new float[outputShape.ElementCount];
        switch (node.Operator)
        {
            case FloatDepthwiseConv2D depthwise:
                DepthwiseConvolution.Run(depthwise, inputShape, input, outputShape, output);
                break;
            case FloatDotProductOperator dot:
                MatrixProduct.Run(dot, inputShape, input, output);
                break;
            case FloatAdd add:
                Elementwise.Add(add, input, values[node.Inputs[1]], output);
                break;
            case FloatSoftmax:
                Elementwise.Softmax(input, inputShape[inputShape.Rank - 1], output);
                break;
            case FloatPool2D pool:
                Pooling.Run(pool, inputShape, input, outputShape, output);
                break;
            case FloatPad pad:
                Padding.Run(pad, inputShape, input, outputShape, output);
                break;
            default:
                throw new InvalidOperationException($"The float interpreter does not know {node.Operator.Name}.");
        }

        return output;
    }
}
