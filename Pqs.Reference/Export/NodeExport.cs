using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Export;

/// <summary>Writes one node of a graph: DequantizeLinear, the operator, its clamp, QuantizeLinear.</summary>
internal static class NodeExport
{
    /// <returns>What ONNX cannot say of the node, or null where it says everything.</returns>
    public static LayerMetadata? Write(TensorExport tensors, Node node)
    {
        var input = tensors[node.Inputs[0]];
        var output = tensors[node.Output];
        var name = tensors.NameOf(node.Output);

        // What moves integers has no factor, whatever the scales of its tensors are.
        var quantization = node.Operator is Pool2D or Pad or Reshape ? input.Quantization : output.Quantization;
        var isImage = IsImage(tensors, node);
        var (value, range) = Operator(tensors, node, isImage, name);
        value = ClampExport.Write(tensors.Builder, value, range, quantization, name);
        if (node.Operator is FullyConnected matrix && !output.Shape.Dimensions.SequenceEqual([Rows(input, matrix), matrix.OutputChannels]))
        {
            value = tensors.Reshape(value, output.Shape.Dimensions, name);
        }

        tensors.Quantize(node.Output, value, isImage, quantization);
        return LayerFacts.Of(node.Operator, input.Quantization, node.Inputs.Length > 1 ? tensors[node.Inputs[1]].Quantization : default, quantization);
    }

    /// <summary>Whether the node is written for images N×C×H×W.</summary>
    private static bool IsImage(TensorExport tensors, Node node) => node.Operator switch
    {
        Conv2D or DepthwiseConv2D or Pool2D => true,
        FullyConnected or Reshape => false,
        _ => tensors.IsChannelsFirst(node.Output),
    };

    private static int Rows(Tensor input, FullyConnected matrix) => input.Shape.ElementCount / matrix.InputSize;

    private static (string Value, OutputRange Range) Operator(TensorExport tensors, Node node, bool isImage, string name)
    {
        var (builder, first) = (tensors.Builder, node.Inputs[0]);
        switch (node.Operator)
        {
            case Conv2D conv:
                return (Convolution(tensors, first, conv, conv.Window, 1, name), conv.OutputRange);
            case DepthwiseConv2D depthwise:
                return (Convolution(tensors, first, depthwise, depthwise.Window, depthwise.InputChannels, name), depthwise.OutputRange);
            case FullyConnected matrix:
                return (Matrix(tensors, first, matrix, name), matrix.OutputRange);
            case Add add:
                return (builder.Node("Add", [tensors.Dequantize(first, isImage), tensors.Dequantize(node.Inputs[1], isImage)], $"{name}_sum"), add.OutputRange);
            case AveragePool2D pool:
                var mean = WindowExport.Attributes(pool.Window, isPool: true);
                return (builder.Node("AveragePool", [tensors.Dequantize(first, isImage)], $"{name}_mean", mean), pool.OutputRange);
            case MaxPool2D pool:
                var largest = WindowExport.Attributes(pool.Window, isPool: true);
                return (builder.Node("MaxPool", [tensors.Dequantize(first, isImage)], $"{name}_largest", largest), pool.OutputRange);
            case Reshape:
                // Always a node of its own, so that an import tells it from the ones around matrices.
                return (tensors.DequantizeAs(first, tensors[node.Output].Shape.Dimensions, always: true), OutputRange.Full);
            case Pad pad:
                return (Padding(tensors, first, pad, isImage, name), OutputRange.Full);
            case Softmax softmax:
                return (SoftmaxExport.Write(tensors, first, softmax, isImage, name), OutputRange.Full);
            default:
                throw new InvalidOperationException($"The exporter does not know {node.Operator.Name}.");
        }
    }

    private static string Convolution(TensorExport tensors, int input, DotProductOperator @operator, Window window, int groups, string name)
    {
        var image = tensors.Dequantize(input, channelsFirst: true);
        var weights = WeightExport.Weights(tensors.Builder, @operator, name);
        var bias = WeightExport.Bias(tensors.Builder, @operator, tensors[input].Quantization.Scale, name);
        return tensors.Builder.Node(
            "Conv",
            bias == null ? [image, weights] : [image, weights, bias],
            $"{name}_convolved",
            [OnnxGraphBuilder.Integer("group", groups), .. WindowExport.Attributes(window, isPool: false)]);
    }

    private static string Matrix(TensorExport tensors, int input, FullyConnected matrix, string name)
    {
        var rows = tensors.DequantizeAs(input, [Rows(tensors[input], matrix), matrix.InputSize], always: false);
        var weights = WeightExport.Weights(tensors.Builder, matrix, name);
        var bias = WeightExport.Bias(tensors.Builder, matrix, tensors[input].Quantization.Scale, name);
        return tensors.Builder.Node(
            "Gemm", bias == null ? [rows, weights] : [rows, weights, bias], $"{name}_product", OnnxGraphBuilder.Integer("transB", 1));
    }

    private static string Padding(TensorExport tensors, int input, Pad pad, bool isImage, string name)
    {
        int[] order = isImage ? [0, 3, 1, 2] : [.. Enumerable.Range(0, pad.Before.Length)];
        var pads = tensors.Builder.Int64s($"{name}_pads", [.. order.Select(axis => pad.Before[axis]), .. order.Select(axis => pad.After[axis])]);
        var zero = tensors.Builder.Float($"{name}_value", 0);
        return tensors.Builder.Node("Pad", [tensors.Dequantize(input, isImage), pads, zero], $"{name}_padded");
    }
}
