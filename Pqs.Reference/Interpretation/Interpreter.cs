using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Interpretation;

/// <summary>
/// Runs a graph by the letter of docs/numerics.md, one sample at a time: plain loops over logical indices, no packing, no reordering.
/// It is the reference that generated code is compared with, so it shares nothing with how that code is made.
/// </summary>
public static class Interpreter
{
    /// <summary>Computes every tensor.</summary>
    /// <param name="graph">A verified graph.</param>
    /// <param name="sample">The input tensors one after another: <see cref="Graph.InputBytes"/> elements.</param>
    /// <returns>The elements of each tensor, by tensor id.</returns>
    public static ImmutableArray<sbyte[]> Run(Graph graph, ReadOnlySpan<sbyte> sample)
    {
        var values = new sbyte[graph.Tensors.Length][];
        foreach (var id in graph.Inputs)
        {
            var size = graph.Tensors[id].Shape.ElementCount;
            values[id] = sample[..size].ToArray();
            sample = sample[size..];
        }

        foreach (var node in graph.Nodes)
        {
            var inputs = node.Inputs.Select(id => new TensorValue(graph.Tensors[id], values[id])).ToArray();
            var output = new TensorValue(graph.Tensors[node.Output], new sbyte[graph.Tensors[node.Output].Shape.ElementCount]);
            Evaluate(node.Operator, inputs, output);
            values[node.Output] = output.Elements;
        }

        return [.. values];
    }

    /// <summary>The output tensors of one sample, one after another: <see cref="Graph.OutputBytes"/> elements.</summary>
    public static sbyte[] Outputs(Graph graph, ImmutableArray<sbyte[]> values) => [.. graph.Outputs.SelectMany(id => values[id])];

    private static void Evaluate(Operator @operator, TensorValue[] inputs, TensorValue output)
    {
        switch (@operator)
        {
            case Conv2D conv:
                DotProducts.Convolution(conv, inputs[0], output);
                break;
            case DepthwiseConv2D depthwise:
                DotProducts.DepthwiseConvolution(depthwise, inputs[0], output);
                break;
            case FullyConnected fullyConnected:
                DotProducts.MatrixVector(fullyConnected, inputs[0], output);
                break;
            case Add add:
                Elementwise.Add(add, inputs[0], inputs[1], output);
                break;
            case Softmax softmax:
                Elementwise.Softmax(softmax, inputs[0], output);
                break;
            case Pool2D pool:
                Pooling.Pool(pool, inputs[0], output);
                break;
            case Reshape:
                inputs[0].Elements.CopyTo(output.Elements, 0);
                break;
            case Pad pad:
                Padding.Pad(pad, inputs[0], output);
                break;
            default:
                throw new InvalidOperationException($"The interpreter does not know {@operator.Name}.");
        }
    }
}
