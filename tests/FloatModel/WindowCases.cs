namespace Pqs.Tests.FloatModel;

/// <summary>Convolutions and pools, with every attribute of their windows.</summary>
internal static class WindowCases
{
    public static IEnumerable<OnnxCase> All => [.. Convolutions, .. Groups, .. Pools, .. Global];

    private static IEnumerable<OnnxCase> Convolutions =>
    [
        Conv("plain", [4, 3, 3, 3]),
        Conv("without bias", [4, 3, 3, 3], hasBias: false),
        Conv("point", [5, 3, 1, 1]),
        Conv("oblong kernel", [4, 3, 2, 5], ("kernel_shape", new[] { 2, 5 })),
        Conv("strides", [4, 3, 3, 3], ("strides", new[] { 2, 3 })),
        Conv("dilations", [4, 3, 3, 2], ("dilations", new[] { 2, 3 })),
        Conv("even pads", [4, 3, 3, 3], ("pads", new[] { 1, 1, 1, 1 })),
        Conv("uneven pads", [4, 3, 3, 4], ("pads", new[] { 0, 1, 2, 3 })),
        Conv("pads and strides and dilations", [4, 3, 3, 3], ("pads", new[] { 1, 2, 3, 0 }), ("strides", new[] { 3, 2 }), ("dilations", new[] { 2, 2 })),
        Conv("pads as wide as the window", [4, 3, 2, 2], ("pads", new[] { 2, 0, 3, 5 })),
        Conv("pads around a point", [4, 3, 1, 1], ("pads", new[] { 1, 1, 1, 1 })),
        Conv("valid", [4, 3, 3, 3], ("auto_pad", "VALID"), ("strides", new[] { 2, 2 })),
        .. from padding in new[] { "SAME_UPPER", "SAME_LOWER" }
           from kernel in new[] { 2, 3, 5 }
           from stride in new[] { 1, 2, 3 }
           select Conv($"{padding} {kernel} by {stride}", [4, 3, kernel, kernel], ("auto_pad", padding), ("strides", new[] { stride, stride })),
        .. from opset in new[] { 9L, 11, 13, 22, 24 } select Conv("opset", [4, 3, 3, 3], ("pads", new[] { 1, 1, 1, 1 })) with { Opset = opset },
        new("batch of unknown size", b => b.Node("Conv", [b.Input(-1, 3, 8, 9), b.Weights(4, 3, 3, 3)])),
        new("batch of three", b => b.Node("Conv", [b.Input(3, 2, 8, 9), b.Weights(4, 2, 3, 3), b.Weights(4)], ("pads", new[] { 1, 1, 1, 1 }))),
        new("many channels", b => b.Node("Conv", [b.Input(1, 37, 5, 5), b.Weights(41, 37, 3, 3), b.Weights(41)], ("pads", new[] { 1, 1, 1, 1 }))),
        new("two in a row",
            b => b.Node("Conv", [b.Node("Conv", [b.Input(1, 3, 9, 9), b.Weights(8, 3, 3, 3)]), b.Weights(4, 8, 3, 3), b.Weights(4)]),
            Operators: "CONV_2D CONV_2D"),
    ];

    private static IEnumerable<OnnxCase> Groups =>
    [
        new("depthwise",
            b => b.Node("Conv", [b.Input(1, 5, 8, 8), b.Weights(5, 1, 3, 3), b.Weights(5)], ("group", 5), ("pads", new[] { 1, 1, 1, 1 })),
            Operators: "DEPTHWISE_CONV_2D"),
        new("depthwise of 19",
            b => b.Node("Conv", [b.Input(1, 19, 8, 8), b.Weights(19, 1, 3, 3)], ("group", 19), ("strides", new[] { 2, 1 })), Operators: "DEPTHWISE_CONV_2D"),
        new("depthwise times three",
            b => b.Node("Conv", [b.Input(1, 4, 8, 8), b.Weights(12, 1, 3, 2), b.Weights(12)], ("group", 4), ("dilations", new[] { 2, 1 })),
            Operators: "DEPTHWISE_CONV_2D"),
        new("depthwise with wide pads",
            b => b.Node("Conv", [b.Input(1, 4, 5, 5), b.Weights(4, 1, 2, 2)], ("group", 4), ("pads", new[] { 2, 2, 2, 2 })),
            Operators: "PAD DEPTHWISE_CONV_2D"),
        new("one channel is no depthwise", b => b.Node("Conv", [b.Input(1, 1, 8, 8), b.Weights(6, 1, 3, 3)], ("group", 1)), Operators: "CONV_2D"),
        new("groups",
            b => b.Node("Conv", [b.Input(1, 6, 8, 8), b.Weights(9, 2, 3, 3), b.Weights(9)], ("group", 3), ("pads", new[] { 1, 0, 1, 0 })),
            Operators: "CONV_2D"),
    ];

    private static IEnumerable<OnnxCase> Pools =>
    [
        .. from type in new[] { "MaxPool", "AveragePool" } from pool in PoolsOf(type) select pool,
        Pool("AveragePool", "counted pads", ("count_include_pad", 1), ("pads", new[] { 1, 1, 1, 1 })),
        Pool("AveragePool", "counted uneven pads", ("count_include_pad", 1), ("pads", new[] { 0, 1, 2, 0 }), ("strides", new[] { 2, 2 })),
        Pool("AveragePool", "counted same pads", ("count_include_pad", 1), ("auto_pad", "SAME_UPPER"), ("strides", new[] { 2, 2 })),
        Pool("AveragePool", "counted without pads", ("count_include_pad", 1)),
        Pool("AveragePool", "counted and rounded up", ("count_include_pad", 1), ("ceil_mode", 1), ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { 2, 3 })) with { Opset = 19 },
        Pool("AveragePool", "counted and rounded up behind", ("count_include_pad", 1), ("ceil_mode", 1), ("pads", new[] { 0, 0, 1, 1 }), ("strides", new[] { 3, 2 })) with { Opset = 19 },
        Pool("MaxPool", "storage order", ("storage_order", 1)),
    ];

    private static IEnumerable<OnnxCase> Global =>
    [
        .. from opset in new[] { 9L, 13, 22 } select new OnnxCase("global average",
            b => b.Node("GlobalAveragePool", b.Input(1, 5, 6, 7)), opset, "AVERAGE_POOL_2D"),
        new("global maximum", b => b.Node("GlobalMaxPool", b.Input(2, 5, 6, 7)), Operators: "MAX_POOL_2D"),
        .. from keep in new[] { 0, 1 }
           from axes in new int[][] { [2, 3], [-1, -2] }
           from opset in new[] { 9L, 11, 13, 17 }
           where opset > 9 || axes[0] > 0
           select new OnnxCase($"mean over {string.Join(',', axes)} keeping {keep}",
               b => b.Node("ReduceMean", b.Input(1, 5, 6, 7), ("axes", axes), ("keepdims", keep)),
               opset, keep == 0 ? "AVERAGE_POOL_2D RESHAPE" : "AVERAGE_POOL_2D"),
        new("mean with axes as an input", b => b.Node("ReduceMean", [b.Input(1, 5, 6, 7), b.Integers(2, 3)], ("keepdims", 0)), 18),
        new("mean over the rows and columns of N×H×W×C", b =>
            b.Node("ReduceMean", b.Node("Transpose", b.Node("Conv", [b.Input(1, 3, 6, 7), b.Weights(4, 3, 3, 3)]), ("perm", new[] { 0, 2, 3, 1 })), ("axes", new[] { 1, 2 }), ("keepdims", 0))),
    ];

    private static IEnumerable<OnnxCase> PoolsOf(string type) =>
    [
        Pool(type, "plain"),
        Pool(type, "strides", ("strides", new[] { 2, 3 })),
        Pool(type, "pads", ("pads", new[] { 1, 1, 1, 1 })),
        Pool(type, "uneven pads", ("pads", new[] { 0, 1, 2, 0 }), ("strides", new[] { 2, 2 })),
        Pool(type, "valid", ("auto_pad", "VALID"), ("strides", new[] { 2, 2 })),
        .. from padding in new[] { "SAME_UPPER", "SAME_LOWER" }
           from stride in new[] { 1, 2 }
           select Pool(type, $"{padding} by {stride}", ("auto_pad", padding), ("strides", new[] { stride, stride })),
        .. from opset in new[] { 10L, 11, 12, 19, 22 }
           from stride in new[] { 2, 3, 4 }
           select Pool(type, $"rounded up by {stride}", ("ceil_mode", 1), ("strides", new[] { stride, stride })) with { Opset = opset },
        Pool(type, "rounded up with pads", ("ceil_mode", 1), ("strides", new[] { 2, 2 }), ("pads", new[] { 1, 1, 1, 1 })),
        Pool(type, "rounded up into the padding", ("ceil_mode", 1), ("strides", new[] { 3, 3 }), ("pads", new[] { 0, 0, 2, 1 })),
        Pool(type, "rounded up and valid", ("ceil_mode", 1), ("strides", new[] { 7, 2 }), ("auto_pad", "VALID")),
        Pool(type, "rounded up and same", ("ceil_mode", 1), ("strides", new[] { 2, 2 }), ("auto_pad", "SAME_UPPER")),
        Pool(type, "not rounded up", ("ceil_mode", 0), ("strides", new[] { 2, 2 })),
        .. from opset in new[] { 9L, 22 } select Pool(type, "opset", ("strides", new[] { 2, 2 }), ("pads", new[] { 1, 0, 0, 1 })) with { Opset = opset },
    ];

    private static OnnxCase Conv(string name, long[] weights, params (string Name, object Value)[] attributes) => Conv(name, weights, true, attributes);

    private static OnnxCase Conv(string name, long[] weights, bool hasBias, params (string Name, object Value)[] attributes) => new(
        $"convolution, {name}",
        b => b.Node("Conv", hasBias ? [b.Input(1, weights[1], 11, 12), b.Weights(weights), b.Weights(weights[0])] : [b.Input(1, weights[1], 11, 12), b.Weights(weights)], attributes));

    private static OnnxCase Pool(string type, string name, params (string Name, object Value)[] attributes) =>
        new($"{type}, {name}", b => b.Node(type, b.Input(1, 5, 10, 12), [("kernel_shape", new[] { 3, 2 }), .. attributes]));
}
