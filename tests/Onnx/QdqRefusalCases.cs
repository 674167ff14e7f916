using Google.Protobuf;
using Pqs.Reference.Onnx;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Tests.Onnx;

/// <summary>What an import of a quantized ONNX model refuses, by node and attribute.</summary>
internal static class QdqRefusalCases
{
    public static IEnumerable<QdqRefusal> All => [.. Models, .. Constants, .. Patterns, .. Weights, .. Operators, .. Movements];

    private static IEnumerable<QdqRefusal> Models =>
    [
        new("float model", "PQS0123", "net.onnx", "the model is not quantized", b => b.Plain.Node("Relu", b.Plain.Input(1, 4))) { Finish = (b, v) => b.Output(v, ElementType.Float) },
        new("operator set too old", "PQS0118", "net.onnx", "operator set version 8", Matrix) { Change = model => model.OpsetImport[0].Version = 8 },
        new("operator set too new", "PQS0118", "net.onnx", "operator set version 99 is not supported (supported: 9 to 24)", Matrix) { Change = model => model.OpsetImport[0].Version = 99 },
        new("no operator set", "PQS0118", "net.onnx", "operator set version none", Matrix) { Change = model => model.OpsetImport.Clear() },
        new("input of unknown width", "PQS0119", "net.onnx", "graph input 'input_0' has no fixed size in dimension 1 ('width')", Matrix)
        {
            Change = model => model.Graph.Input[0].Type.TensorType.Shape.Dim[1] = new TensorShapeProto.Types.Dimension { DimParam = "width" },
        },
        new("input without shape", "PQS0119", "net.onnx", "graph input 'input_0' has no fixed size at all", Matrix) { Change = model => model.Graph.Input[0].Type.TensorType.Shape = null },
        new("input that is no tensor", "PQS0108", "net.onnx", "is no tensor where a tensor is needed", Matrix) { Change = model => model.Graph.Input[0].Type = null },
        new("input of a size that no tensor has", "PQS0204", "net.onnx", "impossible shape 1x67108865", Matrix)
        {
            Change = model => model.Graph.Input[0].Type.TensorType.Shape.Dim[1] = new TensorShapeProto.Types.Dimension { DimValue = (1 << 26) + 1 },
        },
        new("input of another type", "PQS0108", "net.onnx", "is int64 where float, int8 or uint8 is needed", Matrix) { Change = model => model.Graph.Input[0].Type.TensorType.ElemType = ElementType.Int64 },
        new("input twice", "PQS0203", "net.onnx", "tensor 'input_0' is written more than once", Matrix) { Change = model => model.Graph.Input.Add(model.Graph.Input[0]) },
        new("initializer twice", "PQS0203", "net.onnx", "is written more than once", Matrix) { Change = model => model.Graph.Initializer.Add(model.Graph.Initializer[0]) },
        new("value written twice", "PQS0203", "node 4 Relu", "is written more than once", Matrix)
        {
            Change = model => model.Graph.Node.Add(new NodeProto { OpType = "Relu", Input = { model.Graph.Input[0].Name }, Output = { model.Graph.Node[0].Output[0] } }),
        },
        new("cycle", "PQS0202", "node 0 DequantizeLinear", "is read before it is written", Matrix) { Change = model => model.Graph.Node[0].Input[0] = model.Graph.Node[^1].Output[0] },
        new("value that does not exist", "PQS0104", "node 0 DequantizeLinear", "it reads 'nothing', which does not exist", Matrix) { Change = model => model.Graph.Node[0].Input[0] = "nothing" },
        new("output that nothing writes", "PQS0214", "net.onnx", "graph output 'nothing'", Matrix) { Change = model => model.Graph.Output.Add(new ValueInfoProto { Name = "nothing" }) },
        new("output that is a constant", "PQS0214", "net.onnx", "graph output 'constant_", b =>
        {
            b.Output(b.Plain.Scalar(1), ElementType.Float);
            return Matrix(b);
        }),
        new("attribute twice", "PQS0104", "node 0 DequantizeLinear", "attribute 'axis' is given twice", Matrix)
        {
            Change = model => model.Graph.Node[0].Attribute.Add(Enumerable.Repeat(new AttributeProto { Name = "axis", I = 1 }, 2)),
        },
        new("too many operands", "PQS0104", "node 0 DequantizeLinear", "it has more than 64 operands", Matrix) { Change = model => model.Graph.Node[0].Input.Add(Enumerable.Repeat("", 65)) },
        new("no nodes", "PQS0123", "net.onnx", "the model is not quantized", Matrix) { Change = model => { model.Graph.Node.Clear(); model.Graph.Output.Clear(); } },
    ];

    private static IEnumerable<QdqRefusal> Constants =>
    [
        new("data in another file", "PQS0117", "node 2 Gemm", "constant 'constant_", b => b.Plain.Node("Gemm", [b.Input(1, 4), b.Weights([4, 2]), b.Plain.Constant([2], [1, 2])]))
        {
            Change = model => model.Graph.Initializer[^3].DataLocation = TensorProto.Types.DataLocation.External,
        },
        new("data too short", "PQS0113", "node 1 DequantizeLinear", "holds 7 bytes where its shape needs 8", Matrix)
        {
            Change = model => model.Graph.Initializer.First(i => i.Dims.Count == 2).RawData = ByteString.CopyFrom(new byte[7]),
        },
        new("dimensions far beyond the data", "PQS0204", "node 1 DequantizeLinear", "has the impossible shape 2147483647x2147483647", Matrix)
        {
            Change = model =>
            {
                var dims = model.Graph.Initializer.First(i => i.Dims.Count == 2).Dims;
                (dims[0], dims[1]) = (int.MaxValue, int.MaxValue);
            },
        },
        new("negative dimensions", "PQS0204", "node 1 DequantizeLinear", "has the impossible shape -4x-2", Matrix)
        {
            Change = model =>
            {
                var dims = model.Graph.Initializer.First(i => i.Dims.Count == 2).Dims;
                (dims[0], dims[1]) = (-4, -2);
            },
        },
        new("texts as weights", "PQS0108", "node 1 DequantizeLinear", "is string where a tensor of numbers is needed", Matrix)
        {
            Change = model => model.Graph.Initializer.First(i => i.Dims.Count == 2).DataType = ElementType.String,
        },
        new("constant node of texts", "PQS0107", "node 0 Constant", "attribute 'value_string' = a value is not supported: only tensors", b =>
            b.Plain.Node("Gemm", [b.Input(1, 4), b.Weights([4, 2]), b.Plain.Node("Constant", [], ("value_string", "x"))]))
        {
            Change = model => (model.Graph.Node[0], model.Graph.Node[2]) = (model.Graph.Node[2], model.Graph.Node[0]),
        },
    ];

    private static IEnumerable<QdqRefusal> Patterns =>
    [
        new("input without quantization", "PQS0121", "net.onnx", "value 'input_0' is an input of the model, but is not quantized", b => b.Plain.Node("Gemm", [b.Plain.Input(1, 4), b.Weights([4, 2])])),
        new("operator in front of quantization", "PQS0121", "node 2 Relu", "value 'input_0' is read before it is quantized", b =>
        {
            var input = b.Plain.Input(1, 4);
            return b.Plain.Node("Add", [b.Requantize(input), b.Plain.Node("Relu", input)]);
        }),
        new("operators without quantization between", "PQS0121", "node 4 Gemm", "is read before it is quantized", b => b.Plain.Node("Gemm", [Matrix(b), b.Weights([2, 2])])),
        new("operator on integers", "PQS0121", "Gemm", "is an integer tensor where real numbers are needed", b => b.Plain.Node("Gemm", [b.Quantize(b.Input(1, 4)), b.Weights([4, 2])])),
        new("output without quantization", "PQS0121", "net.onnx", "is an output of the model, but is not quantized", Matrix) { Finish = (b, v) => b.Output(v, ElementType.Float) },
        new("input quantized in two ways", "PQS0109", "QuantizeLinear", "the input is quantized in more than one way", b =>
        {
            var input = b.Plain.Input(1, 4);
            return b.Plain.Node("Add", [b.Requantize(input, 0.1f, 0), b.Requantize(input, 0.2f, 0)]);
        }),
        new("input that nothing reads", "PQS0109", "net.onnx", "no node says what the input's integers stand for", b => { b.IntegerInput(1, 2); return Matrix(b); }),
        new("another zero point behind", "PQS0109", "DequantizeLinear", "it is read with another zero point than it was written with", b => b.Plain.Node("Relu", b.Dequantize(b.Quantize(Matrix(b), 0.1f, 1), 0.1f, 2))),
        new("activation with many scales", "PQS0109", "QuantizeLinear", "an activation needs exactly one scale", b => Matrix(b))
        {
            Finish = (b, v) => b.Output(b.Plain.Node("QuantizeLinear", [v, b.Plain.Constant([2], [0.1f, 0.2f]), b.Integers([2], [0, 0], ElementType.Int8)])),
        },
        new("activation of 16 bits", "PQS0108", "QuantizeLinear", "is int16 where int8 or uint8 is needed", Matrix)
        {
            Finish = (b, v) => b.Output(b.Plain.Node("QuantizeLinear", [v, b.Plain.Scalar(1), b.Integers([], [0], ElementType.Int16)])),
            Change = model => model.Graph.Initializer.First(i => i.DataType == ElementType.Int16).RawData = ByteString.CopyFrom(0, 0),
        },
        new("scale of zero", "PQS0114", "DequantizeLinear", "the scale factor 0 of", b => b.Plain.Node("Relu", b.Dequantize(b.IntegerInput(1, 4), 0))),
        new("computed scale", "PQS0111", "node 0 DequantizeLinear", "the scale ('input_1') must be a constant", b => b.Plain.Node("DequantizeLinear", [b.IntegerInput(1, 4), b.Plain.Input(1)])),
        new("blocks with scales", "PQS0107", "DequantizeLinear", "attribute block_size = 16 is not supported", b => b.Plain.Node("DequantizeLinear", [b.IntegerInput(1, 4), b.Plain.Scalar(1)], ("block_size", 16))) { Opset = 21 },
        new("dequantized real numbers", "PQS0108", "DequantizeLinear", "is float where int8 or uint8 is needed", b => b.Dequantize(b.Input(1, 4))),
        new("product in front of a sum", "PQS0121", "Add", "is multiplied by a constant, which only a softmax can have in front", b => Sum(b, b.Plain.Node("Mul", [b.Input(1, 4), b.Plain.Scalar(2)]))),
    ];

    private static IEnumerable<QdqRefusal> Weights =>
    [
        new("weights of real numbers", "PQS0121", "Gemm", "is a constant of real numbers where dequantized integers are needed", b => b.Plain.Node("Gemm", [b.Input(1, 4), b.Plain.Weights(4, 2)])),
        new("computed weights", "PQS0111", "MatMul", "the weights ('DequantizeLinear_", b => b.Plain.Node("MatMul", [b.Input(2, 2), b.Input(2, 2)])),
        new("weights with a zero point", "PQS0109", "Gemm", "weights have zero point 1 where 0 is needed", b =>
            b.Plain.Node("Gemm", [b.Input(1, 4), b.Dequantized(b.Integers([4, 2], new int[8], ElementType.Int8), [], [0.1f], null, b.Integers([], [1], ElementType.Int8))])),
        new("uint8 weights with zero point 0", "PQS0109", "Gemm", "weights have zero point 0 where 128 is needed", b =>
            b.Plain.Node("Gemm", [b.Input(1, 4), b.Dequantized(b.Integers([4, 2], new int[8], ElementType.Uint8), [], [0.1f], null, null)])),
        new("zero points that differ", "PQS0109", "DequantizeLinear", "zero points differ from channel to channel", b =>
            b.Plain.Node("Gemm", [b.Input(1, 4), b.Dequantized(b.Integers([4, 2], new int[8], ElementType.Int8), [2], [0.1f, 0.2f], 1, b.Integers([2], [0, 1], ElementType.Int8))])),
        new("scales for inputs", "PQS0109", "Gemm", "weights need one scale, or one for each element of dimension 1", b => b.Plain.Node("Gemm", [b.Input(1, 4), b.Weights([4, 2], 0)])),
        new("scales of no dimension", "PQS0107", "DequantizeLinear", "attribute axis = 0 is not supported: 3 scales are not those of a dimension of [4x2]", b =>
            b.Plain.Node("Gemm", [b.Input(1, 4), b.Dequantized(b.Integers([4, 2], new int[8], ElementType.Int8), [3], [1, 2, 3], 0, null)])),
        new("weights of 32 bits", "PQS0108", "Gemm", "is int32 where an integer type of 4 or 8 bits is needed", b =>
            b.Plain.Node("Gemm", [b.Input(1, 4), b.Dequantized(b.Integers([4, 2], new int[8], ElementType.Int32), [], [0.1f], null, null)])),
        new("weights of three dimensions", "PQS0205", "MatMul", "the weights are [1x4x2]; 2 dimensions are needed", b => b.Plain.Node("MatMul", [b.Input(1, 4), b.Weights([1, 4, 2])])),
        new("bias of another length", "PQS0206", "Gemm", "has 3 elements where 2 are needed", b => b.Plain.Node("Gemm", [b.Input(1, 4), b.Weights([4, 2]), b.Plain.Constant([3], [1, 2, 3])])),
        new("bias of no integer", "PQS0212", "Gemm", "a bias of 1.00000001504746", b => b.Plain.Node("Gemm", [b.Input(1, 4), b.Weights([4, 2]), b.Plain.Constant([2], [1, 1e30f])])),
        new("computed bias", "PQS0111", "Gemm", "the bias ('DequantizeLinear_", b => b.Plain.Node("Gemm", [b.Input(1, 4), b.Weights([4, 2]), b.Input(2)])),
        new("factors out of range", "PQS0114", "Gemm", "of a channel is out of range", Matrix) { Finish = (b, v) => b.Output(b.Quantize(v, 1e-30f)) },
    ];

    private static IEnumerable<QdqRefusal> Operators =>
    [
        new("operator", "PQS0106", "node 1 Sigmoid", "operator Sigmoid is not supported (supported: Add, AveragePool, Clip, Conv", b => b.Plain.Node("Sigmoid", b.Input(1, 4))),
        new("operator of another domain", "PQS0106", "node 1 com.microsoft.Relu", "operator com.microsoft.Relu", b => b.Plain.Node("Relu", b.Input(1, 4))) { Change = model => model.Graph.Node[1].Domain = "com.microsoft" },
        new("attribute", "PQS0107", "node 1 Relu", "attribute 'alpha' = 0.1 is not supported: it is not known", b => b.Plain.Node("Relu", b.Input(1, 4), ("alpha", 0.1f))),
        new("attribute of another type", "PQS0107", "node 1 Flatten", "attribute axis = 'x' is not supported: it must be of type int", b => b.Plain.Node("Flatten", b.Input(1, 4), ("axis", "x"))),
        new("too many inputs", "PQS0107", "node 1 Relu", "attribute inputs = 2", b => b.Plain.Node("Relu", [b.Input(1, 4), b.Plain.Scalar(1)])),
        new("second output", "PQS0107", "Relu", "only a node's first output is computed", b =>
        {
            b.Plain.Node("MaxPool", b.Input(1, 3, 4, 4), ("kernel_shape", new[] { 2, 2 }));
            b.Graph.Node[^1].Output.Add("indices");
            return b.Plain.Node("Relu", "indices");
        }),
        new("groups", "PQS0107", "Conv", "attribute group = 2 is not supported", b => b.Plain.Node("Conv", [b.Input(1, 4, 5, 5), b.Weights([4, 2, 3, 3])], ("group", 2))),
        new("channels that do not fit", "PQS0205", "Conv", "weights of [4x2x3x3] in 1 groups over [1x3x5x5]", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 5), b.Weights([4, 2, 3, 3])])),
        new("convolution of rows", "PQS0205", "Conv", "the weights are [4x3x3]; 4 dimensions are needed", b => b.Plain.Node("Conv", [b.Input(1, 3, 5), b.Weights([4, 3, 3])])),
        new("window that does not fit", "PQS0211", "Conv", "kernel 3x3", b => b.Plain.Node("Conv", [b.Input(1, 3, 2, 2), b.Weights([4, 3, 3, 3])])),
        new("negative padding", "PQS0107", "Conv", "attribute pads = [-1, 0, 0, 0]", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 5), b.Weights([4, 3, 3, 3])], ("pads", new[] { -1, 0, 0, 0 }))),
        new("padding beyond any tensor", "PQS0204", "Conv", "impossible shape", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 5), b.Weights([4, 3, 3, 3])], ("pads", new[] { 1 << 26, 1 << 26, 1 << 26, 1 << 26 }))),
        new("unknown auto_pad", "PQS0107", "Conv", "attribute auto_pad = 'SAME'", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 5), b.Weights([4, 3, 3, 3])], ("auto_pad", "SAME"))),
        new("auto_pad and pads", "PQS0107", "Conv", "attribute pads = [1, 1, 1, 1] is not supported: auto_pad is VALID", b => b.Plain.Node("Conv", [b.Input(1, 3, 5, 5), b.Weights([4, 3, 3, 3])], ("auto_pad", "VALID"), ("pads", new[] { 1, 1, 1, 1 }))),
        new("dilated maximum", "PQS0211", "MaxPool", "dilation 2", b => b.Plain.Node("MaxPool", b.Input(1, 3, 6, 6), ("kernel_shape", new[] { 2, 2 }), ("dilations", new[] { 2, 2 }))),
        new("padded mean with another scale", "PQS0107", "AveragePool", "attribute pads = not zero", b => b.Plain.Node("AveragePool", b.Input(1, 3, 6, 6), ("kernel_shape", new[] { 2, 2 }), ("pads", new[] { 1, 1, 1, 1 }))),
        new("transposed input", "PQS0107", "Gemm", "attribute transA = 1", b => b.Plain.Node("Gemm", [b.Input(4, 1), b.Weights([4, 2])], ("transA", 1))),
        new("factor of a product", "PQS0107", "Gemm", "attribute alpha = 2", b => b.Plain.Node("Gemm", [b.Input(1, 4), b.Weights([4, 2])], ("alpha", 2f))),
        new("rows that do not fit", "PQS0205", "Gemm", "[1x5] times a matrix of 4x2", b => b.Plain.Node("Gemm", [b.Input(1, 5), b.Weights([4, 2])])),
        new("sum of different shapes", "PQS0107", "Add", "attribute shape = [1x4] + [2x4]", b => b.Plain.Node("Add", [b.Input(1, 4), b.Input(2, 4)])),
        new("sum with a constant", "PQS0112", "Add", "is a constant", b => b.Plain.Node("Add", [b.Input(1, 4), b.Plain.Weights(1, 4)])),
        new("clip that leaves nothing", "PQS0209", "Clip", "the output range", b => b.Plain.Node("Clip", [b.Input(1, 4), b.Plain.Scalar(float.NaN)])),
        new("clip with a list", "PQS0206", "Clip", "min has 2 elements where 1 are needed", b => b.Plain.Node("Clip", [b.Input(1, 4), b.Plain.Weights(2)])),
        new("padding of ones", "PQS0107", "Pad", "attribute value = 1 is not supported: only zeros", b => b.Plain.Node("Pad", [b.Input(1, 4), b.Plain.Integers(0, 0, 1, 1), b.Plain.Scalar(1)])),
        new("padding by reflection", "PQS0107", "Pad", "attribute mode = 'reflect'", b => b.Plain.Node("Pad", [b.Input(1, 4), b.Plain.Integers(0, 0, 1, 1)], ("mode", "reflect"))),
        new("padding of other dimensions", "PQS0107", "Pad", "attribute pads = [0, 1]", b => b.Plain.Node("Pad", [b.Input(1, 4), b.Plain.Integers(0, 1)])),
        new("softmax with another output", "PQS0109", "QuantizeLinear", "a softmax's output needs scale 1/256", b => b.Plain.Node("Softmax", b.Input(1, 4))),
        new("softmax over rows of several dimensions", "PQS0107", "Softmax", "attribute axis = 1 is not supported: rows of several dimensions", b => b.Plain.Node("Softmax", b.Input(2, 3, 4))) { Opset = 11 },
        new("training", "PQS0107", "Dropout", "attribute training_mode", b => b.Plain.Node("Dropout", [b.Input(1, 4), "", b.Plain.Scalar(1)])),
    ];

    private static IEnumerable<QdqRefusal> Movements =>
    [
        new("transpose of rows", "PQS0125", "Gemm", "would have to be moved to rows", b => b.Plain.Node("Gemm", [b.Plain.Node("Transpose", b.Input(3, 4)), b.Weights([3, 2])])),
        new("part of a flattened image", "PQS0125", "MatMul", "would have to be moved to rows", b => b.Plain.Node("MatMul", [b.Plain.Node("Reshape", [b.Input(1, 2, 3, 4), b.Plain.Integers(0, 2, 12)]), b.Weights([12, 5])])),
        new("convolution over other dimensions", "PQS0125", "Conv", "would have to be moved from NxCxHxW", b => b.Plain.Node("Conv", [b.Plain.Node("Transpose", b.Input(1, 3, 4, 5), ("perm", new[] { 0, 2, 1, 3 })), b.Weights([2, 4, 1, 1])])),
        new("softmax over rows of an image", "PQS0125", "Softmax", "would have to be moved to rows", b => b.Plain.Node("Softmax", b.Input(1, 3, 4, 5))),
        new("output in another order", "PQS0125", "net.onnx", "would have to be moved to the order", b => b.Plain.Node("Flatten", b.Requantize(b.Plain.Node("Conv", [b.Input(1, 3, 4, 5), b.Weights([2, 3, 1, 1])])))),
        new("reshape to other sizes", "PQS0205", "Reshape", "[1x12] cannot become [5x-1]", b => b.Plain.Node("Reshape", [b.Input(1, 12), b.Plain.Integers(5, -1)])),
        new("reshape to nothing", "PQS0107", "Reshape", "attribute allowzero = 1", b => b.Plain.Node("Reshape", [b.Input(1, 12), b.Plain.Integers(0, 12)], ("allowzero", 1))) { Opset = 14 },
        new("computed shape", "PQS0111", "Reshape", "the shape ('DequantizeLinear_", b => b.Plain.Node("Reshape", [b.Input(1, 12), b.Input(2)])),
        new("permutation of other dimensions", "PQS0107", "Transpose", "attribute perm = [0, 2]", b => b.Plain.Node("Transpose", b.Input(3, 4), ("perm", new[] { 0, 2 }))),
        new("squeeze of more than 1", "PQS0107", "Squeeze", "only dimensions of 1 can be taken away", b => b.Plain.Node("Squeeze", [b.Input(3, 4), b.Plain.Integers(0)])),
        new("axes beyond the rank", "PQS0107", "Unsqueeze", "they do not name dimensions of 3", b => b.Plain.Node("Unsqueeze", [b.Input(3, 4), b.Plain.Integers(5)])),
    ];

    private static string Matrix(QdqBuilder builder) => builder.Plain.Node("Gemm", [builder.Input(1, 4), builder.Weights([4, 2])]);

    private static string Sum(QdqBuilder builder, string value) => builder.Plain.Node("Add", [value, value]);
}
