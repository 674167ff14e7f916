using Pqs.Reference.Onnx;

namespace Pqs.Tests.FloatModel;

/// <summary>Matrices, softmax, padding, and what only gives elements other places or names.</summary>
internal static class ShapeCases
{
    public static IEnumerable<OnnxCase> All => [.. Matrices, .. Softmaxes, .. Pads, .. Shapes, .. Transposes, .. ShapeArithmetic, .. Whole];

    private static IEnumerable<OnnxCase> Matrices =>
    [
        .. from opset in new[] { 9L, 11, 13 } select new OnnxCase("Gemm",
            b => b.Node("Gemm", [b.Input(1, 6), b.Weights(6, 5), b.Weights(5)]), opset, "FULLY_CONNECTED"),
        new("Gemm transposed", b => b.Node("Gemm", [b.Input(1, 6), b.Weights(5, 6), b.Weights(5)], ("transB", 1)), Operators: "FULLY_CONNECTED"),
        new("Gemm with factors",
            b => b.Node("Gemm", [b.Input(1, 6), b.Weights(6, 5), b.Weights(5)], ("alpha", 0.5f), ("beta", -2f)), Operators: "FULLY_CONNECTED"),
        new("Gemm without bias", b => b.Node("Gemm", [b.Input(1, 6), b.Weights(6, 5)]), Operators: "FULLY_CONNECTED"),
        .. from sizes in new long[][] { [], [1], [1, 1], [5], [1, 5] } select new OnnxCase($"Gemm with a bias of [{string.Join(',', sizes)}]",
            b => b.Node("Gemm", [b.Input(3, 6), b.Weights(6, 5), b.Weights(sizes)])),
        new("Gemm of 640 by 128", b => b.Node("Gemm", [b.Input(1, 640), b.Weights(128, 640), b.Weights(128)], ("transB", 1))),
        new("MatMul", b => b.Node("MatMul", [b.Input(1, 6), b.Weights(6, 5)]), Operators: "FULLY_CONNECTED"),
        new("MatMul of many rows", b => b.Node("MatMul", [b.Input(2, 3, 6), b.Weights(6, 5)])),
        new("MatMul of many rows and a bias", b => b.Node("Relu", b.Node("Add", [b.Node("MatMul", [b.Input(1, 7, 6), b.Weights(6, 18)]), b.Weights(18)]))),
        new("MatMul of the rows of N×H×W×C", b => b.Node("MatMul", [b.Node("Transpose", Conv(b), ("perm", new[] { 0, 2, 3, 1 })), b.Weights(4, 5)])),
        new("Gemm of a flattened image",
            b => b.Node("Gemm", [b.Node("Flatten", Conv(b)), b.Weights(4 * 36, 5), b.Weights(5)]), Operators: "CONV_2D RESHAPE FULLY_CONNECTED"),
        new("Gemm of a flattened input", b => b.Node("Gemm", [b.Node("Flatten", b.Input(1, 3, 4, 5)), b.Weights(60, 5)])),
        new("Gemm of a reshaped image", b => b.Node("Gemm", [b.Node("Reshape", [Conv(b), b.Integers(-1, 144)]), b.Weights(144, 5)])),
        new("Gemm of a vector as a constant node",
            b => b.Node("MatMul", [b.Input(1, 3), ConstantNode(b, new AttributeProto { Name = "value", Type = AttributeProto.Types.AttributeType.Tensor, T = new TensorProto { DataType = TensorProto.Types.DataType.Float, Dims = { 3, 2 }, FloatData = { 1, 2, 3, 4, 5, 6 } } })])),
        new("MatMul of a transposed constant", b => b.Node("MatMul", [b.Input(1, 6), b.Node("Transpose", b.Weights(5, 6), ("perm", new[] { 1, 0 }))])),
        new("MatMul of a reshaped constant", b => b.Node("MatMul", [b.Input(1, 6), b.Node("Reshape", [b.Weights(2, 15), b.Integers(6, -1)])])),
    ];

    private static IEnumerable<OnnxCase> Softmaxes =>
    [
        .. from opset in new[] { 9L, 11, 12, 13, 17 } select new OnnxCase("Softmax of rows", b => b.Node("Softmax", b.Input(2, 6)), opset, "SOFTMAX"),
        new("Softmax of the last axis", b => b.Node("Softmax", b.Input(2, 3, 6), ("axis", -1))),
        new("Softmax of all but the first axis", b => b.Node("Softmax", b.Input(2, 3, 6), ("axis", 1)), 12),
        new("Softmax of a flattened image", b => b.Node("MatMul", [b.Node("Softmax", b.Node("Flatten", Conv(b))), b.Weights(144, 3)]), 13),
        new("Softmax of channels", b => b.Node("Softmax", Conv(b), ("axis", 1)), 13, "CONV_2D SOFTMAX"),
        new("Softmax of an image, as before opset 13", b => b.Node("Softmax", Conv(b), ("axis", 1)), 12),
        new("Softmax of large numbers", b => b.Node("Softmax", b.Node("Mul", [b.Input(1, 6), b.Scalar(1000)]))),
    ];

    private static IEnumerable<OnnxCase> Pads =>
    [
        new("Pad with attributes", b => b.Node("Pad", b.Input(1, 3, 4, 5), ("pads", new[] { 0, 0, 1, 2, 0, 0, 3, 0 })), 10, "PAD"),
        new("Pad with a zero as an attribute",
            b => b.Node("Pad", b.Input(1, 3, 4, 5), ("pads", new[] { 0, 0, 1, 2, 0, 0, 3, 0 }), ("value", 0f), ("mode", "constant")), 9, "PAD"),
        .. from opset in new[] { 11L, 13, 18, 21 } select new OnnxCase("Pad with inputs",
            b => b.Node("Pad", [b.Input(1, 3, 4, 5), b.Integers(0, 0, 1, 2, 0, 0, 3, 0), b.Scalar(0)]), opset, "PAD"),
        new("Pad with axes", b => b.Node("Pad", [b.Input(1, 3, 4, 5), b.Integers(1, 2, 3, 0), "", b.Integers(2, -1)]), 18, "PAD"),
        new("Pad of channels", b => b.Node("Pad", [b.Input(1, 3, 4, 5), b.Integers(0, 2, 0, 0, 0, 1, 0, 0)]), Operators: "PAD"),
        new("Pad of a vector", b => b.Node("Pad", [b.Input(1, 5), b.Integers(0, 2, 0, 1)]), Operators: "PAD"),
        new("Pad by nothing", b => b.Node("Relu", b.Node("Pad", [Conv(b), b.Integers(0, 0, 0, 0, 0, 0, 0, 0)])), Operators: "CONV_2D"),
        new("Pad before a convolution", b => Conv(b, b.Node("Pad", [b.Input(1, 3, 8, 8), b.Integers(0, 0, 1, 0, 0, 0, 2, 1)]), 3), Operators: "CONV_2D"),
        new("Pad before a padded convolution",
            b => b.Node("Conv", [b.Node("Pad", [b.Input(1, 3, 8, 8), b.Integers(0, 0, 1, 0, 0, 0, 1, 1)]), b.Weights(4, 3, 3, 3)], ("pads", new[] { 1, 1, 1, 1 })),
            Operators: "CONV_2D"),
        new("wide Pad before a convolution",
            b => Conv(b, b.Node("Pad", [b.Input(1, 3, 8, 8), b.Integers(0, 0, 3, 0, 0, 0, 0, 0)]), 3), Operators: "PAD CONV_2D"),
        new("Pad of channels before a convolution",
            b => Conv(b, b.Node("Pad", [b.Input(1, 2, 8, 8), b.Integers(0, 1, 1, 1, 0, 0, 1, 1)]), 3), Operators: "PAD CONV_2D"),
        new("Pad before a depthwise convolution",
            b => b.Node("Conv", [b.Node("Pad", [b.Input(1, 3, 8, 8), b.Integers(0, 0, 0, 0, 0, 0, 1, 1)]), b.Weights(3, 1, 3, 3)], ("group", 3), ("strides", new[] { 2, 2 })),
            Operators: "DEPTHWISE_CONV_2D"),
        new("Pad before a pool",
            b => b.Node("MaxPool", b.Node("Pad", [b.Input(1, 3, 8, 8), b.Integers(0, 0, 1, 1, 0, 0, 1, 1)]), ("kernel_shape", new[] { 3, 3 })),
            Operators: "PAD MAX_POOL_2D"),
        new("Pad before two convolutions",
            b => { var pad = b.Node("Pad", [b.Input(1, 3, 8, 8), b.Integers(0, 0, 1, 1, 0, 0, 1, 1)]); return b.Node("Add", [Conv(b, pad, 3), Conv(b, pad, 3)]); },
            Operators: "CONV_2D CONV_2D ADD"),
        new("Pad before a convolution and a pool",
            b => { var pad = b.Node("Pad", [b.Input(1, 4, 8, 8), b.Integers(0, 0, 1, 1, 0, 0, 1, 1)]); return b.Node("Add", [Conv(b, pad, 4), b.Node("AveragePool", pad, ("kernel_shape", new[] { 3, 3 }))]); },
            Operators: "PAD CONV_2D AVERAGE_POOL_2D ADD"),
    ];

    private static IEnumerable<OnnxCase> Shapes =>
    [
        .. from opset in new[] { 9L, 11, 13, 21 } select new OnnxCase("Flatten", b => b.Node("MatMul", [b.Node("Flatten", Conv(b)), b.Weights(144, 3)]), opset),
        new("Flatten of everything", b => b.Node("MatMul", [b.Node("Flatten", b.Input(1, 3, 4), ("axis", 0)), b.Weights(12, 3)])),
        new("Flatten from the end", b => b.Node("Flatten", b.Input(2, 3, 4), ("axis", -1))),
        new("Flatten behind the end", b => b.Node("Flatten", b.Input(2, 3, 4), ("axis", 3))),
        .. from opset in new[] { 9L, 13, 14, 21 } select new OnnxCase("Reshape",
            b => b.Node("MatMul", [b.Node("Reshape", [Conv(b), b.Integers(0, -1)]), b.Weights(144, 3)]), opset),
        new("Reshape of a vector to an image of one channel",
            b => Conv(b, b.Node("Reshape", [b.Input(1, 64), b.Integers(1, 1, 8, 8)]), 1), Operators: "RESHAPE CONV_2D"),
        new("Reshape that splits channels and joins them again",
            b => b.Node("MatMul", [b.Node("Reshape", [b.Node("Reshape", [Conv(b), b.Integers(1, 2, 2, 36)]), b.Integers(1, 144)]), b.Weights(144, 3)])),
        new("Reshape that splits rows", b => b.Node("MatMul", [b.Node("Flatten", b.Node("Reshape", [Conv(b), b.Integers(1, 4, 3, 2, 6)])), b.Weights(144, 3)])),
        new("Squeeze by an attribute",
            b => b.Node("MatMul", [b.Node("Squeeze", b.Node("GlobalAveragePool", Conv(b)), ("axes", new[] { 2, 3 })), b.Weights(4, 3)]), 11),
        new("Squeeze by an input", b => b.Node("MatMul", [b.Node("Squeeze", [b.Node("GlobalAveragePool", Conv(b)), b.Integers(-1, -2)]), b.Weights(4, 3)])),
        new("Squeeze of all",
            b => b.Node("MatMul", [b.Node("Unsqueeze", [b.Node("Squeeze", b.Node("GlobalAveragePool", Conv(b))), b.Integers(0)]), b.Weights(4, 3)])),
        new("Unsqueeze by an attribute", b => Conv(b, b.Node("Unsqueeze", b.Input(1, 8, 8), ("axes", new[] { 1 })), 1), 11),
        new("Unsqueeze by an input", b => Conv(b, b.Node("Unsqueeze", [b.Input(8, 8), b.Integers(0, 1)]), 1)),
        new("Identity", b => b.Node("Relu", b.Node("Identity", Conv(b))), Operators: "CONV_2D"),
        new("Identity of an input", b => b.Node("Identity", b.Input(1, 4)), Operators: "RESHAPE"),
        new("Dropout", b => b.Node("Relu", b.Node("Dropout", Conv(b), ("ratio", 0.3f))), 11, "CONV_2D"),
        new("Dropout with inputs", b => b.Node("Relu", b.Node("Dropout", [Conv(b), b.Scalar(0.5f)], ("seed", 3))), Operators: "CONV_2D"),
    ];

    private static IEnumerable<OnnxCase> Transposes =>
    [
        new("N×H×W×C to N×C×H×W and back",
            b => b.Node("Transpose", Conv(b, b.Node("Transpose", b.Input(1, 8, 8, 3), ("perm", new[] { 0, 3, 1, 2 })), 3), ("perm", new[] { 0, 2, 3, 1 })),
            Operators: "CONV_2D"),
        new("N×H×W×C normalized first",
            b => Conv(b, b.Node("Transpose", b.Node("Div", [b.Node("Sub", [b.Input(1, 8, 8, 3), b.Weights(3)]), b.Scalar(2)]), ("perm", new[] { 0, 3, 1, 2 })), 3),
            Operators: "CONV_2D"),
        new("N×H×W×C flattened", b => b.Node("MatMul", [b.Node("Flatten", b.Node("Transpose", Conv(b), ("perm", new[] { 0, 2, 3, 1 }))), b.Weights(144, 3)])),
        new("rows and columns exchanged before a matrix",
            b => b.Node("MatMul", [b.Node("Flatten", b.Node("Transpose", Conv(b), ("perm", new[] { 0, 1, 3, 2 }))), b.Weights(144, 3)])),
        new("there and back", b => b.Node("Transpose", b.Node("Transpose", b.Input(2, 3, 4)))),
        new("of dimensions of 1", b => b.Node("Transpose", b.Input(1, 6, 1), ("perm", new[] { 2, 0, 1 }))),
        new("constants for N×H×W×C",
            b => b.Node("Transpose", b.Node("Add", [b.Node("Transpose", Conv(b), ("perm", new[] { 0, 2, 3, 1 })), b.Weights(4)]), ("perm", new[] { 0, 3, 1, 2 })),
            Operators: "CONV_2D"),
    ];

    private static IEnumerable<OnnxCase> ShapeArithmetic =>
    [
        new("size of the batch", b => { var conv = Conv(b); return b.Node("MatMul", [b.Node("Reshape", [conv, Batch(b, conv, -1)]), b.Weights(144, 3)]); }),
        new("slice of the shape", b =>
        {
            var conv = Conv(b);
            var batch = b.Node("Slice", [b.Node("Shape", conv), b.Integers(0), b.Integers(1)]);
            return b.Node("MatMul", [b.Node("Reshape", [conv, b.Node("Concat", [batch, b.Integers(-1)], ("axis", 0))]), b.Weights(144, 3)]);
        }),
        new("part of the shape",
            b => { var conv = Conv(b); return b.Node("MatMul", [b.Node("Reshape", [conv, b.Node("Concat", [b.Node("Shape", conv, ("end", 1)), b.Integers(-1)], ("axis", 0))]), b.Weights(144, 3)]); }),
        new("cast of the shape",
            b => { var conv = Conv(b); return b.Node("MatMul", [b.Node("Reshape", [conv, b.Node("Cast", Batch(b, conv, 144), ("to", 7))]), b.Weights(144, 3)]); }),
    ];

    private static IEnumerable<OnnxCase> Whole =>
    [
        new("batch of unknown size, flattened",
            b => b.Node("Softmax", b.Node("Gemm", [b.Node("Flatten", b.Input(-1, 1, 6, 6)), b.Weights(36, 5), b.Weights(5)]))),
        new("no image",
            b => b.Node("Relu", b.Node("Add", [b.Node("MatMul", [b.Node("Relu", b.Node("Add", [b.Node("MatMul", [b.Input(1, 16), b.Weights(16, 8)]), b.Weights(8)])), b.Weights(8, 4)]), b.Weights(4)])),
            Operators: "FULLY_CONNECTED FULLY_CONNECTED"),
    ];

    private static string Conv(OnnxModelBuilder b) => Conv(b, b.Input(1, 3, 8, 8), 3);

    private static string Conv(OnnxModelBuilder b, string input, long inputs) => b.Node("Conv", [input, b.Weights(4, inputs, 3, 3), b.Weights(4)]);

    private static string Batch(OnnxModelBuilder b, string value, long rest) =>
        b.Node("Concat", [b.Node("Unsqueeze", [b.Node("Gather", [b.Node("Shape", value), b.IntegersOf([], [0])], ("axis", 0)), b.Integers(0)]), b.Integers(rest)], ("axis", 0));

    private static string ConstantNode(OnnxModelBuilder b, AttributeProto attribute)
    {
        var name = b.Node("Constant", []);
        b.Graph.Node[^1].Attribute.Add(attribute);
        return name;
    }
}
