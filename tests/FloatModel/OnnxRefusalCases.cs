using Pqs.Reference.Onnx;

namespace Pqs.Tests.FloatModel;

/// <summary>What an import of a float ONNX model refuses, by node and attribute.</summary>
internal static class OnnxRefusalCases
{
    public static IEnumerable<OnnxRefusal> All => [.. Nodes, .. Operands, .. Convolutions, .. Pools, .. Matrices, .. Elementwise, .. Movements, .. Shapes, .. Models];

    private static IEnumerable<OnnxRefusal> Nodes =>
    [
        new("operator", "PQS0106", "node 0 Sigmoid", "operator Sigmoid is not supported (supported: Add, AveragePool", b => b.Node("Sigmoid", b.Input(1, 4))),
        new("attribute", "PQS0107", "node 0 Relu", "attribute 'alpha' = 0.1 is not supported: it is not known",
            b => b.Node("Relu", b.Input(1, 4), ("alpha", 0.1f))),
        new("attribute of another type", "PQS0107", "node 0 Flatten", "attribute axis = 'x' is not supported: it must be of type int",
            b => b.Node("Flatten", b.Input(1, 4), ("axis", "x"))),
        new("attribute that became an input", "PQS0107", "node 0 Clip", "attribute 'max' = 1 is not supported: it is not known",
            b => b.Node("Clip", b.Input(1, 4), ("max", 1f))),
        new("input that was an attribute", "PQS0107", "node 0 Clip", "attribute inputs = 2 is not supported: in operator set 10 it has at most 1",
            b => b.Node("Clip", [b.Input(1, 4), b.Scalar(0)]), 10),
        new("too many inputs", "PQS0107", "node 0 Relu", "attribute inputs = 2", b => b.Node("Relu", [b.Input(1, 4), b.Scalar(0)])),
        new("second output", "PQS0107", "node 0 MaxPool", "only a node's first output is computed", b =>
        {
            b.Node("MaxPool", b.Input(1, 3, 4, 4), ("kernel_shape", new[] { 2, 2 }));
            b.Graph.Node[0].Output.Add("indices");
            return "indices";
        }),
        new("quantizing node", "PQS0116", "net.onnx", "the model is quantized already: it has node 0 QuantizeLinear",
            b => b.Node("QuantizeLinear", [b.Input(1, 4), b.Scalar(1)])),
        new("quantized input", "PQS0116", "net.onnx", "the model is quantized already: input 'input_0' is int8",
            b => b.Node("Flatten", b.Input(TensorProto.Types.DataType.Int8, 1, 4))),
        new("integer input", "PQS0108", "net.onnx: graph input", "is int64 where float is needed",
            b => b.Node("Flatten", b.Input(TensorProto.Types.DataType.Int64, 1, 4))),
        new("half input", "PQS0108", "net.onnx: graph input", "is float16 where float is needed",
            b => b.Node("Flatten", b.Input(TensorProto.Types.DataType.Float16, 1, 4))),
    ];

    private static IEnumerable<OnnxRefusal> Operands =>
    [
        new("input left out", "PQS0110", "node 0 Relu", "the node has no input 0", b => { b.Input(1, 4); return b.Node("Relu", ""); }),
        new("weights left out", "PQS0110", "node 0 Conv", "the node has no the weights", b => b.Node("Conv", b.Input(1, 3, 4, 4))),
        new("kernel left out", "PQS0110", "node 0 MaxPool", "the node has no attribute kernel_shape", b => b.Node("MaxPool", b.Input(1, 3, 4, 4))),
        new("computed weights", "PQS0111", "node 0 Conv", "the weights ('input_1') must be a constant",
            b => b.Node("Conv", [b.Input(1, 3, 4, 4), b.Input(4, 3, 1, 1)])),
        new("computed matrix", "PQS0111", "node 0 MatMul", "the matrix ('input_1') must be a constant", b => b.Node("MatMul", [b.Input(1, 3), b.Input(3, 4)])),
        new("computed bound", "PQS0111", "node 0 Clip", "the minimum ('input_1') must be a constant", b => b.Node("Clip", [b.Input(1, 3), b.Input(1)])),
        new("computed shape", "PQS0111", "node 0 Reshape", "the shape ('input_1') must be a constant", b => b.Node("Reshape", [b.Input(1, 3), b.Input(2)])),
        new("constant activation", "PQS0112", "node 0 Relu", "input 'constant_1' is a constant",
            b => { b.Input(1, 4); return b.Node("Relu", b.Weights(1, 4)); }),
        new("matrix first", "PQS0112", "node 0 MatMul", "input 'constant_0' is a constant", b => b.Node("MatMul", [b.Weights(4, 4), b.Input(4, 1)])),
        new("two constants", "PQS0112", "node 0 Add", "is a constant", b => { b.Input(1, 4); return b.Node("Add", [b.Weights(4), b.Weights(4)]); }),
        new("integer weights", "PQS0108", "node 0 MatMul", "is int64 where float is needed",
            b => b.Node("MatMul", [b.Input(1, 2), b.IntegersOf([2, 1], [1, 2])])),
        new("shape of real numbers", "PQS0108", "node 0 Reshape", "is float where an integer type is needed",
            b => b.Node("Reshape", [b.Input(1, 2), b.Weights(2)])),
        new("two bounds", "PQS0206", "node 0 Clip", "the minimum has 2 elements where 1 are needed", b => b.Node("Clip", [b.Input(1, 2), b.Weights(2)])),
    ];

    private static IEnumerable<OnnxRefusal> Convolutions =>
    [
        new("one dimension", "PQS0205", "node 0 Conv", "only two-dimensional convolutions are imported",
            b => b.Node("Conv", [b.Input(1, 3, 8), b.Weights(4, 3, 3)])),
        new("three dimensions", "PQS0205", "node 0 Conv", "only two-dimensional", b => b.Node("Conv", [b.Input(1, 3, 8, 8, 8), b.Weights(4, 3, 3, 3, 3)])),
        new("other channels", "PQS0205", "node 0 Conv", "weights of [4x2x3x3] in 1 groups over 1x3x8x8",
            b => b.Node("Conv", [b.Input(1, 3, 8, 8), b.Weights(4, 2, 3, 3)])),
        new("no groups", "PQS0205", "node 0 Conv", "in 0 groups", b => b.Node("Conv", [b.Input(1, 3, 8, 8), b.Weights(4, 3, 3, 3)], ("group", 0))),
        new("groups that do not fit", "PQS0205", "node 0 Conv", "in 2 groups", b => b.Node("Conv", [b.Input(1, 4, 8, 8), b.Weights(5, 2, 3, 3)], ("group", 2))),
        new("large groups", "PQS0107", "node 0 Conv", "attribute group = 2 is not supported: as a dense convolution it would have 2359296 weights",
            b => b.Node("Conv", [b.Input(1, 512, 8, 8), b.Weights(512, 256, 3, 3)], ("group", 2))),
        new("bias", "PQS0205", "node 0 Conv", "a bias of [3] for 4 output channels",
            b => b.Node("Conv", [b.Input(1, 3, 8, 8), b.Weights(4, 3, 3, 3), b.Weights(3)])),
        new("kernel", "PQS0205", "node 0 Conv", "kernel_shape 2x2 is not that of weights of 3x3",
            b => b.Node("Conv", [b.Input(1, 3, 8, 8), b.Weights(4, 3, 3, 3)], ("kernel_shape", new[] { 2, 2 }))),
        new("stride", "PQS0107", "node 0 Conv", "attribute strides = [0, 1] is not supported: each must be at least 1",
            b => b.Node("Conv", [b.Input(1, 3, 8, 8), b.Weights(4, 3, 3, 3)], ("strides", new[] { 0, 1 }))),
        new("negative pads", "PQS0107", "node 0 Conv", "attribute pads = [0, 0, -1, 0]",
            b => b.Node("Conv", [b.Input(1, 3, 8, 8), b.Weights(4, 3, 3, 3)], ("pads", new[] { 0, 0, -1, 0 }))),
        new("two pads", "PQS0107", "node 0 Conv", "only windows over two dimensions",
            b => b.Node("Conv", [b.Input(1, 3, 8, 8), b.Weights(4, 3, 3, 3)], ("pads", new[] { 1, 1 }))),
        new("auto_pad", "PQS0107", "node 0 Conv", "attribute auto_pad = 'SAME' is not supported",
            b => b.Node("Conv", [b.Input(1, 3, 8, 8), b.Weights(4, 3, 3, 3)], ("auto_pad", "SAME"))),
        new("kernel larger than the image", "PQS0211", "node 0 Conv", "kernel 9x9", b => b.Node("Conv", [b.Input(1, 3, 8, 8), b.Weights(4, 3, 9, 9)])),
        new("infinite weight", "PQS0219", "node 0 Conv", "the weights has",
            b => b.Node("Conv", [b.Input(1, 1, 8, 8), b.Constant([1, 1, 1, 1], [float.PositiveInfinity])])),
        new("bias that is no number", "PQS0219", "node 0 Conv", "the bias has NaN at element 0",
            b => b.Node("Conv", [b.Input(1, 1, 8, 8), b.Weights(1, 1, 1, 1), b.Constant([1], [float.NaN])])),
        new("huge image", "PQS0204", "node 0 Conv", "impossible shape 1x8190x8190x9", b => b.Node("Conv", [b.Input(1, 1, 8192, 8192), b.Weights(9, 1, 3, 3)])),
        new("too much work", "PQS0217", "net", "multiply-accumulates are", b => b.Node("Conv", [b.Input(1, 64, 1024, 1024), b.Weights(64, 64, 3, 3)])),
    ];

    private static IEnumerable<OnnxRefusal> Pools =>
    [
        new("dilated pool", "PQS0107", "node 0 MaxPool", "attribute dilations = [2, 1]",
            b => b.Node("MaxPool", b.Input(1, 3, 8, 8), ("kernel_shape", new[] { 2, 2 }), ("dilations", new[] { 2, 1 }))),
        new("ceil_mode", "PQS0107", "node 0 MaxPool", "attribute ceil_mode = 2",
            b => b.Node("MaxPool", b.Input(1, 3, 8, 8), ("kernel_shape", new[] { 2, 2 }), ("ceil_mode", 2))),
        new("ceil_mode and VALID", "PQS0107", "node 0 MaxPool", "attribute ceil_mode = 1 is not supported: with auto_pad VALID",
            b => b.Node("MaxPool", b.Input(1, 3, 8, 8), ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1), ("auto_pad", "VALID"))),
        new("padding as wide as the pool", "PQS0211", "node 0 MaxPool", "padding 2+0",
            b => b.Node("MaxPool", b.Input(1, 3, 8, 8), ("kernel_shape", new[] { 2, 2 }), ("pads", new[] { 2, 0, 0, 0 }))),
        new("pool of one dimension", "PQS0205", "node 0 AveragePool", "1x3x8 is not NxCxHxW",
            b => b.Node("AveragePool", b.Input(1, 3, 8), ("kernel_shape", new[] { 2 }))),
        new("global pool of a vector", "PQS0205", "node 0 GlobalAveragePool", "is not NxCxHxW", b => b.Node("GlobalAveragePool", b.Input(1, 3))),
        new("mean over channels", "PQS0125", "node 0 ReduceMean", "would have to be moved",
            b => b.Node("ReduceMean", b.Input(1, 3, 4, 5), ("axes", new[] { 1, 2 }))),
        new("mean over one dimension", "PQS0107", "node 0 ReduceMean", "attribute axes = [2]",
            b => b.Node("ReduceMean", b.Input(1, 3, 4, 5), ("axes", new[] { 2 }))),
        new("mean over everything", "PQS0107", "node 0 ReduceMean", "attribute axes = []", b => b.Node("ReduceMean", b.Input(1, 3, 4, 5))),
    ];

    private static IEnumerable<OnnxRefusal> Matrices =>
    [
        new("transA", "PQS0107", "node 0 Gemm", "attribute transA = 1", b => b.Node("Gemm", [b.Input(4, 1), b.Weights(4, 3)], ("transA", 1))),
        new("Gemm of three dimensions", "PQS0205", "node 0 Gemm", "1x2x4 is not a matrix", b => b.Node("Gemm", [b.Input(1, 2, 4), b.Weights(4, 3)])),
        new("MatMul of a vector", "PQS0205", "node 0 MatMul", "4 is not a matrix", b => b.Node("MatMul", [b.Input(4), b.Weights(4, 3)])),
        new("batch of matrices", "PQS0205", "node 0 MatMul", "the constant [2x4x3] is not a matrix",
            b => b.Node("MatMul", [b.Input(2, 5, 4), b.Weights(2, 4, 3)])),
        new("sizes", "PQS0205", "node 0 MatMul", "1x5 times a matrix of 4x3", b => b.Node("MatMul", [b.Input(1, 5), b.Weights(4, 3)])),
        new("bias for rows", "PQS0205", "node 0 Gemm", "a bias of [2x3]", b => b.Node("Gemm", [b.Input(2, 4), b.Weights(4, 3), b.Weights(2, 3)])),
        new("computed bias", "PQS0111", "node 0 Gemm", "the bias", b => b.Node("Gemm", [b.Input(1, 4), b.Weights(4, 3), b.Input(1, 3)])),
    ];

    private static IEnumerable<OnnxRefusal> Elementwise =>
    [
        new("broadcast of activations", "PQS0107", "node 0 Add", "attribute shape = 1x3x4x4 + 1x3x1x1 is not supported",
            b => b.Node("Add", [b.Input(1, 3, 4, 4), b.Input(1, 3, 1, 1)])),
        new("product of activations", "PQS0107", "node 0 Mul", "one operand must be a constant", b => b.Node("Mul", [b.Input(1, 3), b.Input(1, 3)])),
        new("division by an activation", "PQS0107", "node 0 Div", "only division by a constant is affine", b => b.Node("Div", [b.Scalar(1), b.Input(1, 3)])),
        new("division by zero", "PQS0219", "node 0 Div", "the weights has", b => b.Node("Div", [b.Input(1, 3), b.Scalar(0)])),
        new("constant that does not fit", "PQS0205", "node 0 Add", "a constant of [4] cannot be spread over 1x3",
            b => b.Node("Add", [b.Input(1, 3), b.Weights(4)])),
        new("constant with more dimensions", "PQS0205", "node 0 Add", "a constant of [1x1x3]", b => b.Node("Add", [b.Input(1, 3), b.Weights(1, 1, 3)])),
        new("constant for one pixel of many", "PQS0205", "node 0 Mul", "would be 262144 numbers",
            b => b.Node("Mul", [b.Input(1, 4, 256, 256), b.Weights(256, 1)])),
        new("crossed bounds", "PQS0209", "node 0 Clip", "the output range 1..-1 is empty", b => b.Node("Clip", [b.Input(1, 3), b.Scalar(1), b.Scalar(-1)])),
        new("bound that is no number", "PQS0209", "node 0 Clip", "NaN", b => b.Node("Clip", [b.Input(1, 3), b.Scalar(float.NaN)])),
        new("training", "PQS0107", "node 0 BatchNormalization", "attribute training_mode = 1",
            b => b.Node("BatchNormalization", [b.Input(1, 3, 4, 4), b.Weights(3), b.Weights(3), b.Weights(3), b.Positive(3)], ("training_mode", 1))),
        new("negative variance", "PQS0219", "node 0 BatchNormalization", "the weights has NaN",
            b => b.Node("BatchNormalization", [b.Input(1, 1, 4, 4), b.Weights(1), b.Weights(1), b.Weights(1), b.Constant([1], [-1])])),
        new("statistics of other channels", "PQS0205", "node 0 BatchNormalization", "are not one number for each channel",
            b => b.Node("BatchNormalization", [b.Input(1, 3, 4, 4), b.Weights(3), b.Weights(3), b.Weights(2), b.Positive(3)])),
        new("dropout in training", "PQS0107", "node 0 Dropout", "only inference is imported",
            b => b.Node("Dropout", [b.Input(1, 3), b.Scalar(0.5f), b.Input(1)])),
        new("softmax of rows of an image", "PQS0107", "node 0 Softmax", "attribute axis = 2", b => b.Node("Softmax", b.Input(1, 3, 4, 5), ("axis", 2))),
        new("softmax beyond", "PQS0107", "node 0 Softmax", "attribute axis = 2", b => b.Node("Softmax", b.Input(1, 3), ("axis", 2))),
        new("padding with ones", "PQS0107", "node 0 Pad", "attribute value = 1 is not supported: padding must be zeros",
            b => b.Node("Pad", [b.Input(1, 3), b.Integers(0, 0, 0, 1), b.Scalar(1)])),
        new("reflection", "PQS0107", "node 0 Pad", "attribute mode = 'reflect'",
            b => b.Node("Pad", [b.Input(1, 3), b.Integers(0, 0, 0, 1)], ("mode", "reflect"))),
        new("cropping", "PQS0107", "node 0 Pad", "attribute pads = [0, 0, 0, -1]", b => b.Node("Pad", [b.Input(1, 3), b.Integers(0, 0, 0, -1)])),
        new("paddings of other dimensions", "PQS0107", "node 0 Pad", "attribute pads = [0, 1]", b => b.Node("Pad", [b.Input(1, 3), b.Integers(0, 1)])),
        new("huge padding", "PQS0205", "node 0 Pad", "would be padded to 1x67108867", b => b.Node("Pad", [b.Input(1, 3), b.Integers(0, 0, 0, 1 << 26)])),
        new("cast", "PQS0107", "node 0 Cast", "attribute to = 10", b => b.Node("Cast", b.Input(1, 3), ("to", 10))),
        new("join of activations", "PQS0107", "node 0 Concat", "Concat is taken only where it computes shapes",
            b => b.Node("Concat", [b.Input(1, 3), b.Input(1, 3)], ("axis", 1))),
    ];

    private static IEnumerable<OnnxRefusal> Movements =>
    [
        new("transposed image", "PQS0125", "node 2 Conv", "the elements of 'Transpose_3' of 1x4x6x6 would have to be moved to an image", b =>
            b.Node("Conv", [b.Node("Transpose", b.Node("Conv", [b.Input(1, 3, 8, 8), b.Weights(4, 3, 3, 3)]), ("perm", new[] { 0, 1, 3, 2 })), b.Weights(4, 4, 1, 1)])),
        new("vector as an image of three channels", "PQS0125", "node 1 Conv", "to an image",
            b => b.Node("Conv", [b.Node("Reshape", [b.Input(1, 48), b.Integers(1, 3, 4, 4)]), b.Weights(4, 3, 1, 1)])),
        new("flattened output", "PQS0125", "net.onnx: graph output", "of 1x48 would have to be moved to the order of the file",
            b => b.Node("Flatten", b.Input(1, 3, 4, 4))),
        new("transposed output", "PQS0125", "net.onnx: graph output", "to the order of the file",
            b => b.Node("Transpose", b.Input(1, 3, 4, 5), ("perm", new[] { 0, 1, 3, 2 }))),
        new("split across rows and channels", "PQS0125", "node 1 Reshape", "would have to be moved to 1x2x30",
            b => b.Node("Reshape", [b.Node("Relu", b.Input(1, 3, 4, 5)), b.Integers(1, 2, 30)])),
        new("sum of an image and a transposed one", "PQS0125", "node 1 Add", "to those of 1x4x4x4",
            b => { var input = b.Input(1, 4, 4, 4); return b.Node("Add", [input, b.Node("Transpose", input, ("perm", new[] { 0, 1, 3, 2 }))]); }),
        new("rows of an image", "PQS0125", "node 0 MatMul", "to rows", b => b.Node("MatMul", [b.Input(1, 3, 4, 5), b.Weights(5, 2)])),
        new("padding of a transposed image", "PQS0125", "node 1 Pad", "to be padded",
            b => b.Node("Pad", [b.Node("Transpose", b.Input(1, 4, 3, 3), ("perm", new[] { 0, 1, 3, 2 })), b.Integers(0, 0, 1, 1, 0, 0, 1, 1)])),
    ];

    private static IEnumerable<OnnxRefusal> Shapes =>
    [
        new("elements", "PQS0205", "node 0 Reshape", "[1x12] does not have as many elements as [1x5]",
            b => b.Node("Reshape", [b.Input(1, 12), b.Integers(1, 5)])),
        new("open dimension", "PQS0205", "node 0 Reshape", "[1x12] does not have as many elements as",
            b => b.Node("Reshape", [b.Input(1, 12), b.Integers(5, -1)])),
        new("two open dimensions", "PQS0205", "node 0 Reshape", "does not have as many elements", b => b.Node("Reshape", [b.Input(1, 12), b.Integers(-1, -1)])),
        new("allowzero", "PQS0107", "node 0 Reshape", "attribute allowzero = 1", b => b.Node("Reshape", [b.Input(1, 12), b.Integers(0, 12)], ("allowzero", 1))),
        new("flattening axis", "PQS0107", "node 0 Flatten", "attribute axis = 3", b => b.Node("Flatten", b.Input(1, 12), ("axis", 3))),
        new("permutation", "PQS0107", "node 0 Transpose", "attribute perm = [0, 0]", b => b.Node("Transpose", b.Input(1, 12), ("perm", new[] { 0, 0 }))),
        new("squeezing", "PQS0107", "node 0 Squeeze", "only dimensions of 1 can be taken away", b => b.Node("Squeeze", [b.Input(1, 12), b.Integers(1)])),
        new("squeezing axis", "PQS0107", "node 0 Squeeze", "attribute axes = [5]", b => b.Node("Squeeze", [b.Input(1, 12), b.Integers(5)])),
        new("unsqueezing nothing", "PQS0107", "node 0 Unsqueeze", "dimensions must be named", b => b.Node("Unsqueeze", b.Input(1, 12)), 11),
        new("constant output", "PQS0214", "net.onnx", "graph output", b => { b.Input(1, 3); return b.Node("Transpose", b.Weights(2, 3)); }),
        new("seven dimensions", "PQS0204", "net", "has the impossible shape 1x1x1x1x1x1x1x2",
            b => b.Node("Relu", b.Node("Unsqueeze", [b.Input(1, 1, 1, 1, 1, 2), b.Integers(0, 1)]))),
    ];

    private static IEnumerable<OnnxRefusal> Models =>
    [
        new("shared weights beyond the limit", "PQS0217", "node ", "weights are more than 67108864", b =>
        {
            var weights = b.Weights(1000, 1000);
            var value = b.Input(1, 1000);
            for (var i = 0; i < 70; i++)
            {
                value = b.Node("MatMul", [value, weights]);
            }

            return value;
        }),
    ];
}
