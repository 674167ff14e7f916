using System.Collections.Immutable;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Tests.Onnx;

/// <summary>Quantized models by others that can be imported.</summary>
internal static class QdqCases
{
    private const string Conv = "CONV_2D";
    private const string Matrix = "FULLY_CONNECTED";
    private const string Scaled = "DEPTHWISE_CONV_2D";

    public static ImmutableArray<QdqCase> All =>
    [
        .. Convolutions(), .. Windows(), .. Matrices(), .. Pools(), .. Shapes(), .. Elementwise(), .. Types(),
    ];

    private static IEnumerable<QdqCase> Convolutions()
    {
        yield return new("convolution with a scale for each channel", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 6), b.Weights([4, 3, 3, 3], 0)]), Conv);
        yield return new("convolution with one scale", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 6), b.Weights([4, 3, 3, 3])]), Conv);
        yield return new("convolution with one scale", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 6), b.Weights([4, 3, 3, 3])]), Conv) { Opset = 10 };
        yield return new("convolution with an integer bias", b => b.Plain.Node("Conv", [b.Input(2, 2, 4, 4), b.Weights([3, 2, 1, 1]), b.Bias(3, 0.0003f)]), Conv);
        yield return new("convolution with a real bias", b => b.Plain.Node("Conv", [b.Input(1, 2, 4, 4), b.Weights([3, 2, 1, 1], 0), b.Plain.Constant([3], [1.5f, -2.25f, 0])]), Conv);
        yield return new("convolution with a bias added behind", b => b.Plain.Node("Add", [b.Plain.Node("Conv", [b.Input(1, 2, 4, 4), b.Weights([3, 2, 1, 1])]), b.Plain.Constant([1, 3, 1, 1], [1, -2, 3])]), Conv);
        yield return new("depthwise convolution", b => b.Plain.Node("Conv", [b.Input(1, 4, 5, 5), b.Weights([4, 1, 3, 3], 0)], ("group", 4)), Scaled);
        yield return new("depthwise convolution with a multiplier", b => b.Plain.Node("Conv", [b.Input(1, 4, 5, 5), b.Weights([8, 1, 3, 3], 0)], ("group", 4)), Scaled);
        yield return new("convolution of one channel", b => b.Plain.Node("Conv", [b.Input(1, 1, 5, 5), b.Weights([4, 1, 3, 3])], ("group", 1)), Conv);
        yield return new("convolutions in a row", b => b.Plain.Node("Conv", [b.Requantize(b.Plain.Node("Conv", [b.Input(1, 3, 6, 6), b.Weights([4, 3, 3, 3], 0)])), b.Weights([2, 4, 2, 2], 0)]), $"{Conv} {Conv}");
        yield return new("convolution with a relu", b => b.Plain.Node("Relu", b.Plain.Node("Conv", [b.Input(1, 3, 5, 6), b.Weights([4, 3, 3, 3], 0)])), Conv);
        yield return new("convolution with a clip", b => b.Plain.Node("Clip", [b.Plain.Node("Conv", [b.Input(1, 3, 5, 6), b.Weights([4, 3, 3, 3], 0)]), b.Plain.Scalar(-0.6f), b.Plain.Scalar(1.2f)]), Conv);
        yield return new("convolution with a clip of attributes", b => b.Plain.Node("Clip", b.Plain.Node("Conv", [b.Input(1, 3, 5, 6), b.Weights([4, 3, 3, 3])]), ("min", 0f), ("max", 6f)), Conv) { Opset = 10 };
        yield return new("convolution with two clamps", b => b.Plain.Node("Relu", b.Plain.Node("Clip", [b.Plain.Node("Conv", [b.Input(1, 3, 5, 6), b.Weights([4, 3, 3, 3], 0)]), b.Plain.Scalar(-3), b.Plain.Scalar(1.8f)])), Conv);
        yield return new("weights quantized in the file", b => b.Plain.Node("Conv", [b.Input(1, 2, 4, 5), QuantizedInFile(b, [3, 2, 2, 2])]), Conv);
        yield return new("weights of four bits", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 6), b.Weights([4, 3, 3, 3], 0, ElementType.Int4, 0.05f)]), Conv) { Opset = 21 };
    }

    private static IEnumerable<QdqCase> Windows()
    {
        foreach (var (name, attributes) in new (string, (string, object)[])[]
        {
            ("padding", [("pads", new[] { 1, 2, 0, 1 })]),
            ("narrow padding", [("pads", new[] { 2, 1, 0, 1 })]),
            ("strides", [("strides", new[] { 2, 3 })]),
            ("dilations", [("dilations", new[] { 2, 1 }), ("pads", new[] { 0, 1, 2, 3 })]),
            ("auto_pad SAME_UPPER", [("auto_pad", "SAME_UPPER"), ("strides", new[] { 2, 2 })]),
            ("auto_pad SAME_LOWER", [("auto_pad", "SAME_LOWER"), ("strides", new[] { 2, 2 })]),
            ("auto_pad VALID", [("auto_pad", "VALID"), ("strides", new[] { 2, 1 })]),
            ("kernel_shape", [("kernel_shape", new[] { 3, 2 })]),
        })
        {
            var hasWidePadding = name is "padding" or "dilations";
            yield return new(
                $"convolution with {name}", b => b.Plain.Node("Conv", [b.Input(1, 3, 8, 6), b.Weights([4, 3, 3, 2], 0)], attributes), hasWidePadding ? $"PAD {Conv}" : Conv);
        }
    }

    private static IEnumerable<QdqCase> Matrices()
    {
        yield return new("gemm", b => b.Plain.Node("Gemm", [b.Input(1, 12), b.Weights([12, 5], 1)]), Matrix);
        yield return new("gemm of a transposed matrix", b => b.Plain.Node("Gemm", [b.Input(3, 12), b.Weights([5, 12], 0), b.Plain.Constant([5], [1, 2, 3, 4, 5])], ("transB", 1)), Matrix);
        yield return new("gemm with one scale and an integer bias", b => b.Plain.Node("Gemm", [b.Input(1, 12), b.Weights([12, 5]), b.Bias(5, 0.0004f)]), Matrix);
        yield return new("gemm with one number for all outputs as bias", b => b.Plain.Node("Gemm", [b.Input(1, 12), b.Weights([12, 5]), b.Plain.Constant([1], [0.7f])]), Matrix);
        yield return new("product of rows", b => b.Plain.Node("MatMul", [b.Input(2, 3, 8), b.Weights([8, 4], 1)]), Matrix);
        yield return new("product with a bias added behind", b => b.Plain.Node("Add", [b.Plain.Constant([4], [1, -1, 2, -2]), b.Plain.Node("MatMul", [b.Input(2, 8), b.Weights([8, 4])])]), Matrix);
        yield return new("product with a transposed constant", b => b.Plain.Node("MatMul", [b.Input(2, 8), b.Plain.Node("Transpose", b.Weights([4, 8], 0), ("perm", new[] { 1, 0 }))]), Matrix);
        yield return new("gemm of a flattened image", b => b.Plain.Node("Gemm", [b.Plain.Node("Flatten", b.Input(1, 3, 2, 4)), b.Weights([5, 24], 0)], ("transB", 1)), Matrix);
        yield return new("gemm of a flattened result", b => b.Plain.Node("Gemm", [b.Plain.Node("Flatten", b.Requantize(b.Plain.Node("Conv", [b.Input(2, 3, 4, 5), b.Weights([4, 3, 2, 2], 0)]))), b.Weights([48, 5], 1)]), $"{Conv} {Matrix}");
        yield return new("gemm of an image flattened between quantizations", b => b.Plain.Node("Gemm", [b.Requantize(b.Plain.Node("Flatten", b.Requantize(b.Plain.Node("Conv", [b.Input(1, 3, 4, 5), b.Weights([4, 3, 2, 2], 0)])))), b.Weights([48, 5], 1)]), $"{Conv} RESHAPE {Matrix}");
        yield return new("gemm of integers that were flattened", b => b.Plain.Node("Gemm", [b.Dequantize(b.Plain.Node("Flatten", b.IntegerInput(1, 3, 2, 4))), b.Weights([24, 5], 1)]), $"RESHAPE {Matrix}");
        yield return new("gemm of an image of one pixel", b => b.Plain.Node("Gemm", [b.Plain.Node("Reshape", [b.Input(1, 6, 1, 1), b.Plain.Integers(1, -1)]), b.Weights([6, 5])]), Matrix);
        yield return new("a matrix on an image that is in the graph's order", b => b.Plain.Node("MatMul", [b.Plain.Node("Transpose", b.Input(1, 3, 2, 4), ("perm", new[] { 0, 2, 3, 1 })), b.Weights([3, 5], 1)]), Matrix);
    }

    private static IEnumerable<QdqCase> Pools()
    {
        var same = (QdqBuilder b, string v) => b.Output(b.Quantize(v, 0.05f, 3));
        yield return new("mean with another scale", b => b.Plain.Node("AveragePool", b.Input(1, 3, 6, 6), ("kernel_shape", new[] { 2, 3 }), ("strides", new[] { 2, 1 })), Scaled);
        yield return new("mean with the same scale", b => b.Plain.Node("AveragePool", b.Input(1, 3, 6, 6), ("kernel_shape", new[] { 2, 3 }), ("pads", new[] { 1, 1, 0, 1 })), "AVERAGE_POOL_2D") { Finish = same };
        yield return new("mean that counts its padding", b => b.Plain.Node("AveragePool", b.Input(1, 3, 6, 6), ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 1, 1, 1, 1 }), ("count_include_pad", 1)), Scaled) { Finish = same };
        yield return new("global mean", b => b.Plain.Node("GlobalAveragePool", b.Input(1, 3, 6, 5)), Scaled);
        yield return new("global mean with the same scale", b => b.Plain.Node("GlobalAveragePool", b.Input(1, 3, 6, 5)), "AVERAGE_POOL_2D") { Finish = same };
        yield return new("maximum", b => b.Plain.Node("MaxPool", b.Input(1, 3, 6, 4), ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 })), "MAX_POOL_2D") { Finish = same };
        yield return new("maximum with another scale", b => b.Plain.Node("MaxPool", b.Input(1, 3, 6, 6), ("kernel_shape", new[] { 2, 2 })), $"MAX_POOL_2D {Scaled}");
        yield return new("maximum of padded windows", b => b.Plain.Node("MaxPool", b.Input(1, 3, 7, 6), ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 1, 0, 1, 2 }), ("strides", new[] { 2, 2 })), "MAX_POOL_2D") { Finish = same };
        yield return new("maximum with ceil_mode", b => b.Plain.Node("MaxPool", b.Input(1, 3, 8, 7), ("kernel_shape", new[] { 3, 2 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1)), "MAX_POOL_2D") { Finish = same };
        yield return new("maximum of integers", b => b.Dequantize(b.Plain.Node("MaxPool", b.IntegerInput(1, 3, 6, 6), ("kernel_shape", new[] { 2, 2 }))), "MAX_POOL_2D");
        yield return new("maximum that is not quantized by itself", b => b.Plain.Node("Conv", [b.Plain.Node("MaxPool", b.Input(1, 3, 6, 6), ("kernel_shape", new[] { 2, 2 })), b.Weights([2, 3, 1, 1])]), $"MAX_POOL_2D {Conv}");
    }

    private static IEnumerable<QdqCase> Shapes()
    {
        yield return new("input in the graph's order", b => b.Plain.Node("Conv", [b.Plain.Node("Transpose", b.Input(1, 5, 6, 3), ("perm", new[] { 0, 3, 1, 2 })), b.Weights([4, 3, 3, 3], 0)]), Conv);
        yield return new("transposes that cancel", b => b.Plain.Node("Conv", [b.Plain.Node("Transpose", b.Plain.Node("Transpose", b.Input(1, 3, 5, 6), ("perm", new[] { 0, 2, 3, 1 })), ("perm", new[] { 0, 3, 1, 2 })), b.Weights([4, 3, 3, 3])]), Conv);
        yield return new("transpose of integers", b => b.Plain.Node("Conv", [b.Dequantize(b.Plain.Node("Transpose", b.IntegerInput(1, 5, 6, 3), ("perm", new[] { 0, 3, 1, 2 }))), b.Weights([4, 3, 3, 3])]), Conv);
        yield return new("squeeze and unsqueeze", b => b.Plain.Node("Gemm", [b.Plain.Node("Squeeze", [b.Plain.Node("Unsqueeze", [b.Input(2, 8), b.Plain.Integers(1)]), b.Plain.Integers(1)]), b.Weights([8, 4])]), Matrix);
        yield return new("squeeze and unsqueeze by attributes", b => b.Plain.Node("Gemm", [b.Plain.Node("Squeeze", b.Plain.Node("Unsqueeze", b.Input(2, 8), ("axes", new[] { 1 })), ("axes", new[] { 1 })), b.Weights([8, 4])]), Matrix) { Opset = 11 };
        yield return new("reshape between quantizations", b => b.Plain.Node("Reshape", [b.Input(2, 12), b.Plain.Integers(4, -1)]), "RESHAPE") { Finish = (b, v) => b.Output(b.Quantize(v, 0.05f, 3)) };
        yield return new("reshape of integers", b => b.Dequantize(b.Plain.Node("Reshape", [b.IntegerInput(2, 12), b.Plain.Integers(3, 8)]), 0.05f, 3), "RESHAPE") { Finish = (b, v) => b.Output(b.Quantize(v, 0.05f, 3)) };
        yield return new("flat input as an image", b => b.Plain.Node("Conv", [b.Plain.Node("Reshape", [b.Input(1, 30), b.Plain.Integers(1, 1, 5, 6)]), b.Weights([4, 1, 3, 3])]), $"RESHAPE {Conv}");
        yield return new("padding", b => b.Plain.Node("Pad", [b.Input(1, 2, 3, 4), b.Plain.Integers(0, 0, 1, 2, 0, 0, 3, 0), b.Plain.Scalar(0)]), $"PAD {Scaled}");
        yield return new("padding of some dimensions", b => b.Plain.Node("Pad", [b.Input(1, 2, 3, 4), b.Plain.Integers(1, 2), b.Plain.Scalar(0), b.Plain.Integers(-1)]), "PAD") { Opset = 18, Finish = (b, v) => b.Output(b.Quantize(v, 0.05f, 3)) };
        yield return new("padding by attributes", b => b.Plain.Node("Pad", b.Input(2, 6), ("pads", new[] { 0, 1, 0, 2 })), "PAD") { Opset = 10, Finish = (b, v) => b.Output(b.Quantize(v, 0.05f, 3)) };
        yield return new("padding in front of a convolution", b => b.Plain.Node("Conv", [b.Plain.Node("Pad", [b.Input(1, 3, 5, 6), b.Plain.Integers(0, 0, 1, 1, 0, 0, 1, 1)]), b.Weights([4, 3, 3, 3])]), $"PAD {Conv}");
        yield return new("identity and dropout", b => b.Plain.Node("Identity", b.Plain.Node("Dropout", b.Plain.Node("Gemm", [b.Plain.Node("Identity", b.Input(1, 4)), b.Weights([4, 4])]))), Matrix);
    }

    private static IEnumerable<QdqCase> Elementwise()
    {
        yield return new("sum", b => b.Plain.Node("Add", [b.Input(1, 3, 4, 5), b.Requantize(b.Plain.Node("Conv", [b.Input(1, 3, 4, 5), b.Weights([3, 3, 1, 1])]))]), $"{Conv} ADD");
        yield return new("sum with itself and a relu", b => Twice(b, b.Input(2, 7)), "ADD");
        yield return new("sum of rows", b => b.Plain.Node("Add", [b.Input(3, 4), b.Input(3, 4)]), "ADD");
        yield return new("relu alone", b => b.Plain.Node("Relu", b.Input(1, 3, 4, 5)), Scaled);
        yield return new("clip of rows alone", b => b.Plain.Node("Clip", [b.Input(2, 9), b.Plain.Scalar(-1), b.Plain.Scalar(2)]), Matrix);
        yield return new("another quantization", b => b.Input(2, 9), Matrix);
        yield return new("softmax", b => b.Plain.Node("Softmax", b.Input(3, 10)), "SOFTMAX") { Finish = (b, v) => b.Output(b.Quantize(v, 1f / 256, -128)) };
        yield return new("softmax by its old definition", b => b.Plain.Node("Softmax", b.Input(3, 10)), "SOFTMAX") { Opset = 11, Finish = (b, v) => b.Output(b.Quantize(v, 1f / 256, -128)) };
        yield return new("softmax of a product", b => b.Plain.Node("Softmax", b.Plain.Node("Mul", [b.Input(3, 10), b.Plain.Scalar(0.5f)])), "SOFTMAX") { Finish = (b, v) => b.Output(b.Quantize(v, 1f / 256, -128)) };
        yield return new("softmax over channels", b => b.Plain.Node("Softmax", b.Input(1, 5, 3, 2), ("axis", 1)), "SOFTMAX") { Finish = (b, v) => b.Output(b.Quantize(v, 1f / 256, -128)) };
    }

    private static IEnumerable<QdqCase> Types()
    {
        var unsigned = (long opset) => new QdqBuilder(opset) { ActivationType = ElementType.Uint8 };
        yield return new("uint8 activations", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 6), b.Weights([4, 3, 3, 3], 0)]), Conv) { Builder = unsigned };
        yield return new("uint8 weights", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 6), b.Weights([4, 3, 3, 3], null, ElementType.Uint8)]), Conv) { Builder = unsigned };
        yield return new("uint8 maximum, sum and matrix", b => b.Plain.Node("Gemm", [b.Plain.Node("Flatten", b.Requantize(Twice(b, b.Plain.Node("MaxPool", b.Input(1, 2, 4, 4), ("kernel_shape", new[] { 2, 2 }))))), b.Weights([18, 4])]), $"MAX_POOL_2D ADD {Matrix}") { Builder = unsigned };
        yield return new("input and output in real numbers", b => b.Requantize(b.Plain.Node("Conv", [b.RealInput(1, 3, 5, 6), b.Weights([4, 3, 3, 3], 0)])), Conv) { Finish = (b, v) => b.Output(v, ElementType.Float) };
        yield return new("real input that is transposed before it is quantized", b => b.Plain.Node("Conv", [b.Requantize(b.Plain.Node("Transpose", b.Plain.Input(1, 5, 6, 3), ("perm", new[] { 0, 3, 1, 2 }))), b.Weights([4, 3, 3, 3])]), Conv);
        yield return new("output in other dimensions than its tensor", b => b.Plain.Node("Flatten", b.Requantize(b.Plain.Node("Gemm", [b.Input(2, 4), b.Weights([4, 6])])), ("axis", 0)), $"{Matrix} RESHAPE") { Finish = (b, v) => b.Output(v, ElementType.Float) };
        yield return new("quantizing nodes of Microsoft's domain", b => b.Plain.Node("Gemm", [b.Input(2, 4), b.Weights([4, 6])]), Matrix) { Builder = opset => new QdqBuilder(opset) { QuantizingDomain = "com.microsoft" } };
    }

    private static string Twice(QdqBuilder builder, string value) => builder.Plain.Node("Relu", builder.Plain.Node("Add", [value, value]));

    private static string QuantizedInFile(QdqBuilder builder, long[] sizes)
    {
        var scale = builder.Plain.Constant([sizes[0]], [.. Enumerable.Range(0, (int)sizes[0]).Select(channel => 0.004f + (0.001f * channel))]);
        var zeros = builder.Integers([sizes[0]], new int[sizes[0]], ElementType.Int8);
        var integers = builder.Plain.Node("QuantizeLinear", [builder.Plain.Weights(sizes), scale, zeros], ("axis", 0));
        return builder.Plain.Node("DequantizeLinear", [integers, scale, zeros], ("axis", 0));
    }
}
