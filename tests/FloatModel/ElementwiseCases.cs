namespace Pqs.Tests.FloatModel;

/// <summary>Activations, sums, affine functions and batch normalization, with what they are fused into.</summary>
internal static class ElementwiseCases
{
    public static IEnumerable<OnnxCase> All => [.. Activations, .. Sums, .. Constants, .. Normalizations];

    private static IEnumerable<OnnxCase> Activations =>
    [
        new("Relu of a convolution", b => b.Node("Relu", Conv(b)), Operators: "CONV_2D"),
        new("Relu of a matrix", b => b.Node("Relu", b.Node("MatMul", [b.Input(1, 6), b.Weights(6, 5)])), Operators: "FULLY_CONNECTED"),
        new("Relu of an input", b => b.Node("Relu", b.Input(1, 3, 4, 5)), Operators: "MAX_POOL_2D"),
        new("Relu of a vector", b => b.Node("Relu", b.Input(1, 7)), Operators: "RESHAPE MAX_POOL_2D RESHAPE"),
        new("Relu of a pool", b => b.Node("Relu", b.Node("AveragePool", b.Input(1, 3, 6, 6), ("kernel_shape", new[] { 2, 2 }))), Operators: "AVERAGE_POOL_2D"),
        new("Relu of a sum", b => b.Node("Relu", Sum(b)), Operators: "CONV_2D CONV_2D ADD"),
        new("Relu of a convolution that is read twice",
            b => { var conv = Conv(b); return b.Node("Add", [conv, b.Node("Relu", conv)]); }, Operators: "CONV_2D MAX_POOL_2D ADD"),
        new("Relu of what is softmax", b => b.Node("Relu", b.Node("Softmax", b.Input(1, 4)))),
        new("Relu after flattening", b => b.Node("Relu", b.Node("Flatten", Conv(b, channels: 1))), Operators: "CONV_2D RESHAPE"),
        new("Relu twice", b => b.Node("Relu", b.Node("Relu", Conv(b))), Operators: "CONV_2D"),
        new("Clip with attributes", b => b.Node("Clip", Conv(b), ("min", -0.5f), ("max", 0.75f)), 10, "CONV_2D"),
        new("Clip with one attribute", b => b.Node("Clip", Conv(b), ("max", 0.75f)), 9, "CONV_2D"),
        new("Clip with no attribute", b => b.Node("Clip", Conv(b)), 9, "CONV_2D"),
        .. from opset in new[] { 11L, 12, 13, 21 } select new OnnxCase("Clip with inputs",
            b => b.Node("Clip", [Conv(b), b.Scalar(0), b.Scalar(6)]), opset, "CONV_2D"),
        new("Clip with a maximum", b => b.Node("Clip", [Conv(b), "", b.Scalar(0.5f)]), Operators: "CONV_2D"),
        new("Clip with a minimum", b => b.Node("Clip", [Conv(b), b.Scalar(-0.25f)]), Operators: "CONV_2D"),
        new("Clip without bounds", b => b.Node("Clip", Conv(b)), Operators: "CONV_2D"),
        new("Clip with the largest numbers", b => b.Node("Clip", [Conv(b), b.Scalar(float.MinValue), b.Scalar(float.MaxValue)]), Operators: "CONV_2D"),
        new("Clip after Relu", b => b.Node("Clip", [b.Node("Relu", Conv(b)), b.Scalar(-1), b.Scalar(1)]), Operators: "CONV_2D"),
        new("Clip above Relu", b => b.Node("Clip", [b.Node("Relu", Conv(b)), b.Scalar(0.5f), b.Scalar(1)]), Operators: "CONV_2D"),
        new("Clip below Relu", b => b.Node("Relu", b.Node("Clip", [Conv(b), b.Scalar(-2), b.Scalar(-1)])), Operators: "CONV_2D"),
    ];

    private static IEnumerable<OnnxCase> Sums =>
    [
        .. from opset in new[] { 9L, 13, 14 } select new OnnxCase("sum of two convolutions", Sum, opset, "CONV_2D CONV_2D ADD"),
        new("sum of an input and itself", b => { var input = b.Input(1, 3, 4, 4); return b.Node("Add", [input, input]); }, Operators: "ADD"),
        new("sum of two inputs", b => b.Node("Add", [b.Input(1, 3, 4, 4), b.Input(1, 3, 4, 4)]), Operators: "ADD"),
        new("sum after flattening both",
            b => { var (first, second) = Two(b); return b.Node("MatMul", [b.Node("Add", [b.Node("Flatten", first), b.Node("Flatten", second)]), b.Weights(4 * 36, 5)]); }),
        new("sum with a convolution in the middle",
            b => { var (first, second) = Two(b); return Conv(b, b.Node("Add", [first, b.Node("Relu", second)]), 4, 2); }),
    ];

    private static IEnumerable<OnnxCase> Constants =>
    [
        .. from type in new[] { "Add", "Sub", "Mul", "Div" }
           from sizes in new long[][] { [], [1], [4, 1, 1], [1, 4, 1, 1] }
           select new OnnxCase($"{type} of [{string.Join(',', sizes)}] after a convolution",
               b => b.Node(type, [Conv(b), b.Positive(sizes)]), Operators: "CONV_2D"),
        .. from type in new[] { "Add", "Sub", "Mul" }
           select new OnnxCase($"{type} with the constant first", b => b.Node(type, [b.Positive(4, 1, 1), Conv(b)]), Operators: "CONV_2D"),
        new("bias after a matrix", b => b.Node("Add", [b.Node("MatMul", [b.Input(1, 6), b.Weights(6, 5)]), b.Weights(5)]), Operators: "FULLY_CONNECTED"),
        new("bias before a matrix", b => b.Node("Gemm", [b.Node("Sub", [b.Input(1, 6), b.Weights(6)]), b.Weights(6, 5)]), Operators: "FULLY_CONNECTED"),
        new("normalized input of a convolution",
            b => Conv(b, b.Node("Div", [b.Node("Sub", [b.Input(1, 3, 8, 8), b.Weights(1, 3, 1, 1)]), b.Positive(1, 3, 1, 1)]), 3, 4), Operators: "CONV_2D"),
        new("scaled input of a padded convolution", b => Padded(b, b.Node("Mul", [b.Input(1, 3, 8, 8), b.Scalar(0.25f)])), Operators: "CONV_2D"),
        new("shifted input of a padded convolution",
            b => Padded(b, b.Node("Sub", [b.Input(1, 3, 8, 8), b.Scalar(0.25f)])), Operators: "DEPTHWISE_CONV_2D CONV_2D"),
        new("shifted and padded by a node",
            b => Conv(b, b.Node("Pad", [b.Node("Sub", [b.Input(1, 3, 8, 8), b.Scalar(0.25f)]), b.Integers(0, 0, 1, 1, 0, 0, 1, 1)]), 3, 4),
            Operators: "DEPTHWISE_CONV_2D CONV_2D"),
        new("padded by a node and shifted",
            b => Conv(b, b.Node("Sub", [b.Node("Pad", [b.Input(1, 3, 8, 8), b.Integers(0, 0, 1, 1, 0, 0, 1, 1)]), b.Scalar(0.25f)]), 3, 4),
            Operators: "CONV_2D"),
        new("a number for every element of an image",
            b => b.Node("MatMul", [b.Node("Flatten", b.Node("Sub", [b.Input(1, 3, 4, 4), b.Weights(1, 3, 4, 4)])), b.Weights(48, 5)])),
        new("a number for every feature",
            b => b.Node("MatMul", [b.Node("Mul", [b.Node("Flatten", b.Node("Relu", Conv(b))), b.Weights(4 * 36)]), b.Weights(4 * 36, 5)]),
            Operators: "CONV_2D RESHAPE FULLY_CONNECTED"),
        new("a number for every row", b => b.Node("Add", [b.Input(1, 2, 4, 3), b.Weights(4, 1)])),
        new("a scaled depthwise convolution",
            b => b.Node("Mul", [b.Node("Conv", [b.Input(1, 4, 8, 8), b.Weights(8, 1, 3, 3), b.Weights(8)], ("group", 4)), b.Weights(8, 1, 1)]),
            Operators: "DEPTHWISE_CONV_2D"),
        new("a scaled input of a depthwise convolution",
            b => b.Node("Conv", [b.Node("Mul", [b.Input(1, 4, 8, 8), b.Weights(4, 1, 1)]), b.Weights(8, 1, 3, 3), b.Weights(8)], ("group", 4)),
            Operators: "DEPTHWISE_CONV_2D"),
        new("a scaled sum", b => b.Node("Mul", [Sum(b), b.Scalar(2)]), Operators: "CONV_2D CONV_2D ADD DEPTHWISE_CONV_2D"),
        new("a scalar plus an input", b => b.Node("Add", [b.Input(1, 3, 4, 5), b.Scalar(2)]), Operators: "DEPTHWISE_CONV_2D"),
        new("a vector times an input", b => b.Node("Mul", [b.Input(2, 7), b.Weights(7)]), Operators: "RESHAPE DEPTHWISE_CONV_2D RESHAPE"),
    ];

    private static IEnumerable<OnnxCase> Normalizations =>
    [
        .. from opset in new[] { 9L, 14, 15 } select new OnnxCase("normalization of a convolution", b => Normalized(b, Conv(b), 4), opset, "CONV_2D"),
        new("epsilon", b => Normalized(b, Conv(b), 4, ("epsilon", 0.1f), ("momentum", 0.5f)), Operators: "CONV_2D"),
        new("normalization and Relu", b => b.Node("Relu", Normalized(b, Conv(b), 4)), Operators: "CONV_2D"),
        new("Relu and normalization", b => Normalized(b, b.Node("Relu", Conv(b)), 4), Operators: "CONV_2D DEPTHWISE_CONV_2D"),
        new("Relu, normalization and a convolution", b => Conv(b, Normalized(b, b.Node("Relu", Conv(b)), 4), 4, 2), Operators: "CONV_2D CONV_2D"),
        new("Relu, normalization and a padded convolution",
            b => Padded(b, Normalized(b, b.Node("Relu", Conv(b, channels: 3)), 3)), Operators: "CONV_2D DEPTHWISE_CONV_2D CONV_2D"),
        new("Relu, normalization, flattening and a matrix",
            b => b.Node("MatMul", [b.Node("Flatten", Normalized(b, b.Node("Relu", Conv(b)), 4)), b.Weights(4 * 36, 5)]),
            Operators: "CONV_2D RESHAPE FULLY_CONNECTED"),
        new("normalization of a depthwise convolution",
            b => Normalized(b, b.Node("Conv", [b.Input(1, 4, 8, 8), b.Weights(4, 1, 3, 3)], ("group", 4)), 4), Operators: "DEPTHWISE_CONV_2D"),
        new("normalization of a matrix", b => Normalized(b, b.Node("Gemm", [b.Input(1, 6), b.Weights(6, 5), b.Weights(5)]), 5), Operators: "FULLY_CONNECTED"),
        new("normalization before a matrix",
            b => b.Node("Gemm", [Normalized(b, b.Input(1, 6), 6), b.Weights(6, 5), b.Weights(5)]), Operators: "FULLY_CONNECTED"),
        new("normalization of an input", b => Normalized(b, b.Input(1, 3, 4, 4), 3), Operators: "DEPTHWISE_CONV_2D"),
        new("two normalizations of an input", b => Normalized(b, Normalized(b, b.Input(1, 3, 4, 4), 3), 3), Operators: "DEPTHWISE_CONV_2D"),
        new("normalization before addition",
            b => { var (first, second) = Two(b); return b.Node("Relu", b.Node("Add", [Normalized(b, first, 4), second])); }, Operators: "CONV_2D CONV_2D ADD"),
        new("normalization of a sum with Relu", b => b.Node("Relu", Normalized(b, Sum(b), 4)), Operators: "CONV_2D CONV_2D ADD DEPTHWISE_CONV_2D"),
        new("a convolution that is read twice",
            b => { var conv = Conv(b); return b.Node("Add", [conv, Normalized(b, conv, 4)]); }, Operators: "CONV_2D DEPTHWISE_CONV_2D ADD"),
    ];

    private static string Conv(OnnxModelBuilder b, long channels = 4) => Conv(b, b.Input(1, 3, 8, 8), 3, channels);

    private static string Conv(OnnxModelBuilder b, string input, long inputs, long channels) => b.Node("Conv", [input, b.Weights(channels, inputs, 3, 3), b.Weights(channels)]);

    private static string Padded(OnnxModelBuilder b, string input) => b.Node("Conv", [input, b.Weights(4, 3, 3, 3), b.Weights(4)], ("pads", new[] { 1, 1, 1, 1 }));

    private static (string First, string Second) Two(OnnxModelBuilder b)
    {
        var input = b.Input(1, 3, 8, 8);
        return (Conv(b, input, 3, 4), Conv(b, input, 3, 4));
    }

    private static string Sum(OnnxModelBuilder b)
    {
        var (first, second) = Two(b);
        return b.Node("Add", [first, second]);
    }

    private static string Normalized(OnnxModelBuilder b, string input, long channels, params (string Name, object Value)[] attributes) =>
        b.Node("BatchNormalization", [input, b.Weights(channels), b.Weights(channels), b.Weights(channels), b.Positive(channels)], attributes);
}
