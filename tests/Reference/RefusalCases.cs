using System.Collections.Immutable;
using Pqs.Tests.TfLite;
using static Pqs.Tests.TfLite.SmallModel;

namespace Pqs.Tests.Reference;

/// <summary>Everything that an import of a well-formed FlatBuffer refuses.</summary>
internal static class RefusalCases
{
    private const string File = "net.tflite";

    private static readonly TfLiteQuantization Unit = new([1f], [0]);

    public static IEnumerable<RefusalCase> All =>
        [.. WholeFile, .. Indices, .. Operators, .. Options, .. Activations, .. Constants, .. Scales, .. Shapes, .. Graphs];

    private static IEnumerable<RefusalCase> WholeFile =>
    [
        new("identifier", "PQS0103", File, "its identifier is missing", file => file with { Identifier = "TFL2" }),
        new("version", "PQS0103", File, "schema version 2, not 3", file => file with { Version = 2 }),
        new("no subgraph", "PQS0105", File, "the model has 0 subgraphs", file => file with { Subgraphs = [] }),
        new("two subgraphs", "PQS0105", File, "the model has 2 subgraphs",
            file => file with { Subgraphs = [file.Subgraph, file.Subgraph] }),
        new("empty subgraph", "PQS0213", "net", "the graph has no input", file => file with { Subgraphs = [new TfLiteSubgraph()] }),
        new("no inputs", "PQS0213", "net", "the graph has no input", file => file.WithSubgraph(subgraph => subgraph with { Inputs = [] })),
        new("no nodes", "PQS0213", "net", "the graph has no node", file => file.WithSubgraph(subgraph => subgraph with { Operators = [] })),
        new("no outputs", "PQS0213", "net", "the graph has no", file => file.WithSubgraph(subgraph => subgraph with { Outputs = [] })),
    ];

    private static IEnumerable<RefusalCase> Indices =>
    [
        new("buffer", "PQS0104", File, "tensor 0 refers to buffer 99 of ",
            file => file.WithTensor(0, tensor => tensor with { Buffer = 99 })),
        new("buffer beyond int", "PQS0104", File, "refers to buffer 4294967295",
            file => file.WithTensor(0, tensor => tensor with { Buffer = uint.MaxValue })),
        new("data outside", "PQS0104", File, "lies outside the FlatBuffer",
            file => file.WithBuffer(1, buffer => buffer with { Offset = 1000, Size = 8 })),
        new("size outside", "PQS0104", File, "lies outside the FlatBuffer",
            file => file.WithBuffer(1, buffer => buffer with { Size = ulong.MaxValue })),
        new("operator code", "PQS0104", File, "node 1 refers to operator code 77",
            file => file.WithOperator(Conv, node => node with { Code = 77 })),
        new("operator code beyond int", "PQS0104", File, "operator code 4294967295",
            file => file.WithOperator(Conv, node => node with { Code = uint.MaxValue })),
        new("node input", "PQS0104", File, "node 3 ADD refers to tensor 1000 of ",
            file => file.WithOperator(Add, node => node with { Inputs = [0, 1000] })),
        new("negative node input", "PQS0104", File, "node 3 ADD refers to tensor -2 of ",
            file => file.WithOperator(Add, node => node with { Inputs = [0, -2] })),
        new("node output", "PQS0104", File, "node 3 ADD refers to tensor 1000",
            file => file.WithOperator(Add, node => node with { Outputs = [1000] })),
        new("many operands", "PQS0104", File, "node 3 ADD has 129 operands",
            file => file.WithOperator(Add, node => node with { Inputs = [.. new int[129]] })),
        new("graph input", "PQS0104", File, "graph input refers to tensor 1000",
            file => file.WithSubgraph(subgraph => subgraph with { Inputs = [1000] })),
        new("graph output", "PQS0104", File, "graph output refers to tensor -7",
            file => file.WithSubgraph(subgraph => subgraph with { Outputs = [-7] })),
        new("graph input left out", "PQS0104", File, "a graph input or output is left out",
            file => file.WithSubgraph(subgraph => subgraph with { Inputs = [-1] })),
        new("graph output left out", "PQS0104", File, "a graph input or output is left out",
            file => file.WithSubgraph(subgraph => subgraph with { Outputs = [-1] })),
    ];

    private static IEnumerable<RefusalCase> Operators =>
    [
        new("LOGISTIC", "PQS0106", Node(Softmax, "LOGISTIC"), "operator LOGISTIC is not supported (supported: ADD, ",
            file => Coded(file, Softmax, 14)),
        new("custom", "PQS0106", Node(Softmax, "CUSTOM"), "operator CUSTOM", file => Coded(file, Softmax, 32)),
        new("unknown code", "PQS0106", Node(Softmax, "builtin operator 5000"), "builtin operator 5000", file => Coded(file, Softmax, 5000)),
        new("negative code", "PQS0106", Node(Softmax, "builtin operator"), "builtin operator", file => Coded(file, Softmax, -1)),
        new("no input", "PQS0110", Node(MaxPool, "MAX_POOL_2D"), "the node has no input 0",
            file => file.WithOperator(MaxPool, node => node with { Inputs = [] })),
        new("input left out", "PQS0110", Node(MaxPool, "MAX_POOL_2D"), "the node has no input 0",
            file => file.WithOperator(MaxPool, node => node with { Inputs = [-1] })),
        new("no second input", "PQS0110", Node(Add, "ADD"), "the node has no input 1",
            file => file.WithOperator(Add, node => node with { Inputs = [node.Inputs[0]] })),
        new("no weights", "PQS0110", Node(Conv, "CONV_2D"), "the node has no weights",
            file => file.WithOperator(Conv, node => node with { Inputs = [node.Inputs[0], -1] })),
        new("no paddings", "PQS0110", Node(Pad, "PAD"), "the node has no paddings",
            file => file.WithOperator(Pad, node => node with { Inputs = [0] })),
        new("two outputs", "PQS0110", Node(Conv, "CONV_2D"), "the node has no single output",
            file => file.WithOperator(Conv, node => node with { Outputs = [node.Outputs[0], node.Outputs[0] + 1] })),
    ];

    private static IEnumerable<RefusalCase> Options =>
    [
        .. from node in new[] { Conv, Depthwise, Add, MaxPool, AveragePool, FullyConnected, Softmax }
           select new RefusalCase($"no options {node}", "PQS0110", $"{File}: node {node} ", "options of its kind",
               file => file.WithOperator(node, @operator => @operator with { Options = null })),
        .. from node in new[] { Conv, Depthwise, Add, MaxPool, AveragePool, FullyConnected, Softmax }
           select new RefusalCase($"foreign options {node}", "PQS0110", $"{File}: node {node} ", "options of its kind (kind 77 where ",
               file => file.WithOperator(node, @operator => @operator with { OptionsType = 77 })),
        .. from entry in new[] { (Conv, 3), (Depthwise, 4), (Add, 0), (MaxPool, 5), (AveragePool, 5), (FullyConnected, 0) }
           select new RefusalCase($"TANH {entry.Item1}", "PQS0107", $"{File}: node {entry.Item1} ", "attribute fused_activation_function = TANH is not supported",
               file => file.WithOperator(entry.Item1, node => node.WithOption(entry.Item2, (sbyte)4))),
        new("negative activation", "PQS0107", Node(Add, "ADD"), "fused_activation_function = -1",
            file => file.WithOperator(Add, node => node.WithOption(0, (sbyte)-1))),
        .. from node in new[] { Conv, Depthwise, MaxPool, AveragePool }
           select new RefusalCase($"padding {node}", "PQS0107", $"{File}: node {node} ", "attribute padding = 2 is not supported: only SAME and VALID exist",
               file => file.WithOperator(node, @operator => @operator.WithOption(0, (sbyte)2))),
        .. from node in new[] { Conv, Depthwise, MaxPool, AveragePool }
           from option in new[] { 1, 2 }
           from stride in new[] { 0, -1, int.MinValue }
           select new RefusalCase($"stride {node} {option} {stride}", "PQS0211", $"{File}: node {node} ", $"{stride}", file =>
               file.WithOperator(node, @operator => @operator.WithOption(option, stride))),
        new("dilation", "PQS0211", Node(Conv, "CONV_2D"), "dilation 1x0", file => file.WithOperator(Conv, node => node.WithOption(4, 0))),
        new("huge dilation", "PQS0211", "node 1 CONV_2D", "dilation 2147483647",
            file => file.WithOperator(Conv, node => node.WithOption(5, int.MaxValue))),
        new("huge pool", "PQS0211", "node 4 MAX_POOL_2D", "kernel 2147483647",
            file => file.WithOperator(MaxPool, node => node.WithOption(3, int.MaxValue))),
        new("empty pool", "PQS0211", Node(MaxPool, "MAX_POOL_2D"), "kernel 2x0",
            file => file.WithOperator(MaxPool, node => node.WithOption(3, 0))),
        new("pool does not fit", "PQS0211", "node 5 AVERAGE_POOL_2D", "vertical kernel 4, stride 1, dilation 1, padding 0+0 over 3",
            file => file.WithOperator(AveragePool, node => node.WithOption(4, 4))),
        new("weights format", "PQS0107", Node(FullyConnected, "FULLY_CONNECTED"), "attribute weights_format = 1",
            file => file.WithOperator(FullyConnected, node => node.WithOption(1, (sbyte)1))),
        new("depth multiplier", "PQS0205", Node(Depthwise, "DEPTHWISE_CONV_2D"), "with depth multiplier 2 does not fit 4 input channels",
            file => file.WithOperator(Depthwise, node => node.WithOption(3, 2))),
    ];

    private static IEnumerable<RefusalCase> Activations =>
    [
        new("float input", "PQS0108", $"{File}: graph input", "tensor 'input' is FLOAT32 where INT8 is needed",
            file => file.WithTensor(0, tensor => tensor with { Type = 0 })),
        new("uint8 result", "PQS0108", Node(Add, "ADD"), "tensor 'sum' is UINT8 where INT8 is needed",
            file => Result(file, Add, tensor => tensor with { Type = 3 })),
        new("unknown type", "PQS0108", Node(Add, "ADD"), "tensor 'sum' is type -5",
            file => Result(file, Add, tensor => tensor with { Type = -5 })),
        new("variable", "PQS0109", Node(Add, "ADD"), "tensor 'sum': it is a variable",
            file => Result(file, Add, tensor => tensor with { IsVariable = true })),
        .. from quantization in new TfLiteQuantization?[] { null, new([1f, 1f], [0, 0]), new([], []), new([1f], []), new([1f], [0, 0]), Unit with { DetailsType = 1 } }
           select new RefusalCase($"quantization {quantization}", "PQS0109", Node(Add, "ADD"), "tensor 'sum': an activation needs exactly one scale and one zero point",
               file => Result(file, Add, tensor => tensor with { Quantization = quantization })),
        .. from quantization in new[] { (0f, 0L), (-1f, 0L), (float.NaN, 0L), (float.PositiveInfinity, 0L), (1f, 128L), (1f, -129L), (1f, long.MaxValue), (1f, 1L << 32) }
           select new RefusalCase($"quantization {quantization}", "PQS0210", Node(Add, "ADD"), "tensor 'sum' has scale ",
               file => Result(file, Add,
                   tensor => tensor with { Quantization = new TfLiteQuantization([quantization.Item1], [quantization.Item2]) })),
        new("constant input", "PQS0112", Node(Pad, "PAD"), "input 'input' is a constant",
            file => file.WithTensor(0, tensor => tensor with { Buffer = 1 })),
        new("constant second input", "PQS0112", Node(Add, "ADD"), "is a constant",
            file => file.WithOperator(Add, node => node with { Inputs = [node.Inputs[0], file.Subgraph.Operators[Conv].Inputs[1]] })),
    ];

    private static IEnumerable<RefusalCase> Constants =>
    [
        .. from entry in new[] { (Conv, 1, "the weights"), (Depthwise, 1, "the weights"), (FullyConnected, 1, "the weights"), (Conv, 2, "the bias"), (Pad, 1, "the paddings") }
           from broken in new (string Name, string Id, string Message, Func<TfLiteTensor, TfLiteTensor> Break)[]
           {
               ("no data", "PQS0111", $"{entry.Item3} ('c", tensor => tensor with { Buffer = 0 }),
               ("wrong type", "PQS0108", "is INT16 where INT", tensor => tensor with { Type = 7 }),
               ("sparse", "PQS0108", "is stored sparsely where dense storage is needed", tensor => tensor with { IsSparse = true }),
           }
           select new RefusalCase($"{broken.Name} {entry}", broken.Id, $"{File}: node {entry.Item1} ", broken.Message,
               file => Operand(file, entry.Item1, entry.Item2, broken.Break)),
        .. from node in new[] { Conv, Depthwise, FullyConnected }
           select new RefusalCase($"short data {node}", "PQS0113", $"{File}: node {node} ", " bytes where its shape needs ",
               file => file.WithBuffer((int)Constant(file, node, 1).Buffer, buffer => buffer with { Data = buffer.Data!.Value[1..] })),
        new("long data", "PQS0113", Node(Conv, "CONV_2D"), "holds 17 bytes where its shape needs 16",
            file => file.WithBuffer((int)Constant(file, Conv, 2).Buffer, buffer => buffer with { Data = buffer.Data!.Value.Add(0) })),
        new("bias length", "PQS0206", Node(Conv, "CONV_2D"), "the bias has 3 elements where 4 are needed", file => Operand(
            file.WithBuffer((int)Constant(file, Conv, 2).Buffer, buffer => buffer with { Data = buffer.Data!.Value[..12] }), Conv, 2,
                tensor => tensor with { Shape = [3] })),
        new("weights zero point", "PQS0109", Node(Conv, "CONV_2D"), "weights have zero point 1 where 0 is needed",
            file => Operand(file, Conv, 1, tensor => tensor with
        {
            Quantization = tensor.Quantization! with { ZeroPoints = [0, 0, 1, 0] },
        })),
        new("weights scale count", "PQS0109", Node(Conv, "CONV_2D"), "weights need one scale, or 4 along dimension 0",
            file => Operand(file, Conv, 1, tensor => tensor with { Quantization = new TfLiteQuantization([1f, 1f, 1f], [0, 0, 0]) })),
        new("weights scale dimension", "PQS0109", Node(Conv, "CONV_2D"), "along dimension 0",
            file => Operand(file, Conv, 1, tensor => tensor with { Quantization = tensor.Quantization! with { Dimension = 3 } })),
        new("depthwise scale dimension", "PQS0109", Node(Depthwise, "DEPTHWISE_CONV_2D"), "weights need one scale, or 4 along dimension 3",
            file => Operand(file, Depthwise, 1,
                tensor => tensor with { Quantization = new TfLiteQuantization([1f, 1f, 1f, 1f], [0, 0, 0, 0], 0) })),
        new("weights without quantization", "PQS0109", Node(FullyConnected, "FULLY_CONNECTED"), "weights need one scale, or 3",
            file => Operand(file, FullyConnected, 1, tensor => tensor with { Quantization = null })),
        new("weights quantization details", "PQS0109", Node(Conv, "CONV_2D"), "weights need one scale",
            file => Operand(file, Conv, 1, tensor => tensor with { Quantization = tensor.Quantization! with { DetailsType = 1 } })),
    ];

    private static IEnumerable<RefusalCase> Scales =>
    [
        .. from scale in new[] { 0f, -1f, float.NaN, float.PositiveInfinity, float.MaxValue }
           select new RefusalCase($"weight scale {scale}", "PQS0114", Node(Conv, "CONV_2D"), "of channel 2 is out of range",
               file => Operand(file, Conv, 1, tensor => tensor with
           {
               Quantization = tensor.Quantization! with { Scales = tensor.Quantization.Scales.SetItem(2, scale) },
           })),
        new("sum's factor", "PQS0114", Node(Add, "ADD"), "of the sum is out of range",
            file => Result(file, Add, tensor => tensor with { Quantization = new TfLiteQuantization([1e-9f], [0]) })),
        .. from beta in new[] { 0f, -1f, float.NaN, float.PositiveInfinity, 1e-9f, 1e9f }
           select new RefusalCase($"beta {beta}", "PQS0114", Node(Softmax, "SOFTMAX"), "of beta ",
               file => file.WithOperator(Softmax, node => node.WithOption(0, beta))),
        new("softmax result", "PQS0109", Node(Softmax, "SOFTMAX"), "a softmax's output needs scale 1/256 and zero point -128",
            file => Result(file, Softmax, tensor => tensor with { Quantization = new TfLiteQuantization([1f / 256], [-127]) })),
        new("softmax result's scale", "PQS0109", Node(Softmax, "SOFTMAX"), "a softmax's output needs scale 1/256 and zero point -128",
            file => Result(file, Softmax, tensor => tensor with { Quantization = new TfLiteQuantization([1f / 255], [-128]) })),
        new("huge bias", "PQS0212", "node 1 CONV_2D", "channel 0: the sum of up to ",
            file => file.WithBuffer((int)Constant(file, Conv, 2).Buffer, buffer => buffer with { Data = [255, 255, 255, 127, .. buffer.Data!.Value.AsSpan()[4..]] })),
        new("smallest bias", "PQS0212", "node 1 CONV_2D", "channel 0: the sum of up to 2147",
            file => file.WithBuffer((int)Constant(file, Conv, 2).Buffer, buffer => buffer with { Data = [0, 0, 0, 128, .. buffer.Data!.Value.AsSpan()[4..]] })),
        .. from node in new[] { MaxPool, AveragePool, Reshape, Pad }
           select new RefusalCase($"zero points differ {node}", "PQS0215", $"node {node} ", "and output zero point 9 differ",
               file => Result(file, node, tensor => tensor with { Quantization = tensor.Quantization! with { ZeroPoints = [9] } })),
    ];

    private static IEnumerable<RefusalCase> Shapes =>
    [
        .. from shape in new ImmutableArray<int>[] { [1, 0], [-1, 5], [1 << 20, 1 << 20], [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue], [1, 1, 1, 1, 1, 1, 1], [1 << 26, 2] }
           select new RefusalCase($"shape {string.Join('x', shape)}", "PQS0204", $"{File}: graph input", "tensor 'input' has the impossible shape ",
               file => file.WithTensor(0, tensor => tensor with { Shape = shape })),
        new("weights shape", "PQS0204", Node(Conv, "CONV_2D"), "has the impossible shape 4x3x-2",
            file => Operand(file, Conv, 1, tensor => tensor with { Shape = [4, 3, -2, 2] })),
        new("weights rank", "PQS0205", Node(Conv, "CONV_2D"), "the weights are 48; 4 dimensions are needed",
            file => Operand(file, Conv, 1, tensor => tensor with { Shape = [48] })),
        new("matrix rank", "PQS0205", Node(FullyConnected, "FULLY_CONNECTED"), "2 dimensions are needed",
            file => Operand(file, FullyConnected, 1, tensor => tensor with { Shape = [.. tensor.Shape!.Value, 1] })),
        new("groups", "PQS0107", Node(Conv, "CONV_2D"), "attribute groups = 2/1 is not supported",
            file => Operand(file, Conv, 1, tensor => tensor with { Shape = [4, 6, 2, 1] })),
        new("image rank", "PQS0205", Node(MaxPool, "MAX_POOL_2D"), "the input 1x20 is not NxHxWxC",
            file => file.WithOperator(MaxPool, node => node with { Inputs = file.Subgraph.Operators[Reshape].Outputs })),
        new("result's shape", "PQS0205", "node 4 MAX_POOL_2D", "the output is 1x3x7x5, but 1x3x7x4 follows from the input 1x3x7x4",
            file => Result(file, MaxPool, tensor => tensor with { Shape = [1, 3, 7, 5] })),
        new("depthwise filter", "PQS0205", Node(Depthwise, "DEPTHWISE_CONV_2D"), "does not fit 4 input channels",
            file => Operand(file, Depthwise, 1, tensor => tensor with { Shape = [2, 1, 2, 4] })),
        new("broadcast", "PQS0107", Node(Add, "ADD"), "attribute shape = 1x3x7x4 + 1x1x1x84",
            file => Result(file, Depthwise, tensor => tensor with { Shape = [1, 1, 1, 84] })),
        new("sum's shape", "PQS0205", "node 3 ADD", "the shapes must be equal",
            file => Result(file, Add, tensor => tensor with { Shape = [1, 7, 3, 4] })),
        new("reshape's count", "PQS0205", "node 6 RESHAPE", "does not have as many elements as",
            file => Result(file, Reshape, tensor => tensor with { Shape = [1, 21] })),
        new("matrix rows", "PQS0205", "node 7 FULLY_CONNECTED", "20 input elements are not whole rows of 30",
            file => Operand(file, FullyConnected, 1,
                tensor => tensor with { Shape = [2, 30] }).WithOperator(FullyConnected, node => node with { Inputs = node.Inputs[..2] })),
        new("matrix result", "PQS0205", "node 7 FULLY_CONNECTED", "is not one row of 3 for each input row",
            file => Result(file, FullyConnected, tensor => tensor with { Shape = [1, 4] }, also: [Softmax])),
        new("softmax result", "PQS0205", "node 8 SOFTMAX", "the output is 3, but 1x3 follows from the input 1x3",
            file => Result(file, Softmax, tensor => tensor with { Shape = [3] })),
        new("paddings count", "PQS0205", Node(Pad, "PAD"), "of 5x6x2 to 1x6x7x2",
            file => file.WithTensor(0, tensor => tensor with { Shape = [5, 6, 2] })),
        new("padding result", "PQS0205", "node 0 PAD", "1x5x6x2 padded in dimension 1 by 1 and 0 is not 1x7x7x2",
            file => Result(file, Pad, tensor => tensor with { Shape = [1, 7, 7, 2] })),
        new("padding of five dimensions", "PQS0205", Node(0, "PAD"), "paddings [0, 0, 0, 0, 1, 0, 0, 1, 0, 0] of 1x1x5x6x2 to 1x1x6x7x2",
            _ => PaddedFive().File),
        new("negative padding", "PQS0205", Node(Pad, "PAD"), "paddings [0, 0, -1, 0, ",
            file => file.WithBuffer((int)Constant(file, Pad, 1).Buffer, buffer => buffer with
        {
            Data = [.. buffer.Data!.Value.AsSpan()[..8], 255, 255, 255, 255, .. buffer.Data.Value.AsSpan()[12..]],
        })),
    ];

    private static IEnumerable<RefusalCase> Graphs =>
    [
        new("order", "PQS0202", "node 1 DEPTHWISE_CONV_2D", "tensor 'conv' is read before it is written",
            file => file.WithSubgraph(subgraph => subgraph with
        {
            Operators = subgraph.Operators.SetItem(Conv, subgraph.Operators[Depthwise]).SetItem(Depthwise, subgraph.Operators[Conv]),
        })),
        new("cycle", "PQS0202", "node 3 ADD", "is read before it is written",
            file => file.WithOperator(Add, node => node with { Inputs = [node.Inputs[0], node.Outputs[0]] })),
        new("two producers", "PQS0203", "node 3 ADD", "tensor 'depthwise' is written more than once",
            file => file.WithOperator(Add, node => node with { Outputs = file.Subgraph.Operators[Depthwise].Outputs })),
        new("input listed twice", "PQS0203", "net", "tensor 'input' is written more than once",
            file => file.WithSubgraph(subgraph => subgraph with { Inputs = [0, 0] })),
        new("input written", "PQS0203", "node 0 PAD", "tensor 'input' is written more than once",
            file => file.WithOperator(Pad, node => node with { Outputs = [0] }).WithOperator(Conv, node => node with { Inputs = node.Inputs.SetItem(0, 0) })),
        new("input is output", "PQS0214", "net", "graph output 'input' is not written by a node, or is listed twice",
            file => file.WithSubgraph(subgraph => subgraph with { Outputs = [.. subgraph.Outputs, 0] })),
        new("output listed twice", "PQS0214", "net", "graph output 'probabilities'",
            file => file.WithSubgraph(subgraph => subgraph with { Outputs = [.. subgraph.Outputs, .. subgraph.Outputs] })),
        new("output of nobody", "PQS0214", "net.tflite", "is not written by a node", file => file.WithSubgraph(subgraph => subgraph with
        {
            Outputs = [.. subgraph.Outputs, file.Subgraph.Operators[Conv].Inputs[1]],
        })),
        new("softmax depth", "PQS0216", "node 0 SOFTMAX", "softmax is not possible: 4096 values in a row; at most 4095 can be summed",
            _ => Softened(4096).File),
        new("too many nodes", "PQS0217", "net", "nodes are 4097; the limit is 4096", _ => Chain(4097, 1).File),
        new("too many elements", "PQS0217", "net", "elements of all tensors are 335544320; the limit is 268435456",
            _ => Chain(4, 1 << 26).File),
        new("too many products", "PQS0217", "net", "multiply-accumulates are 17179869440; the limit is 17179869184",
            _ => Multiplied().File),
    ];

    public static ModelBuilder Softened(int depth)
    {
        var builder = new ModelBuilder();
        return builder.Output(builder.Softmax(builder.AddInput([1, depth], 0.1f, 0)));
    }

    /// <summary>Reshapes of one tensor.</summary>
    public static ModelBuilder Chain(int nodes, int size)
    {
        var builder = new ModelBuilder();
        var last = builder.AddInput([size], 1, 0);
        for (var i = 0; i < nodes; i++)
        {
            last = builder.Reshape(last, [size], 43);
        }

        return builder.Output(last);
    }

    /// <summary>The largest tensor, each element of 256 products, reaches the limit of 2^34 exactly; a matrix of 256 weights exceeds it.</summary>
    private static ModelBuilder Multiplied()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 1024, 1024, 16], 1, 0);
        ImmutableArray<sbyte> weights = [.. new sbyte[64 * 16 * 16]];
        var first = builder.Conv2D(input, new Filter(4, 4, 64, weights, [1f]), new Result(1, 0), new Steps(PaddingKind.Same));
        var second = builder.MaxPool2D(builder.AddInput([1, 1, 1, 256], 1, 0), 1, 1);
        return builder.Output(first, builder.FullyConnected(second, new Filter(1, 1, 1, weights[..256], [1f]), new Result(1, 0)));
    }

    private static ModelBuilder PaddedFive()
    {
        var builder = new ModelBuilder();
        return builder.Output(builder.Pad(builder.AddInput([1, 1, 5, 6, 2], 1, 0), [0, 0, 1, 0, 0], [0, 0, 0, 1, 0]));
    }

    private static string Node(int node, string name) => $"{File}: node {node} {name}";

    private static TfLiteTensor Constant(TfLiteFile file, int node, int operand) => file.Subgraph.Tensors[file.Subgraph.Operators[node].Inputs[operand]];

    private static TfLiteFile Operand(TfLiteFile file, int node, int operand, Func<TfLiteTensor, TfLiteTensor> change) =>
        file.WithTensor(file.Subgraph.Operators[node].Inputs[operand], change);

    private static TfLiteFile Result(TfLiteFile file, int node, Func<TfLiteTensor, TfLiteTensor> change, params int[] also) =>
        new[] { node }.Concat(also).Aggregate(file, (changed, next) => changed.WithTensor(file.Subgraph.Operators[next].Outputs[0], change));

    private static TfLiteFile Coded(TfLiteFile file, int node, int code) => (file with
    {
        OperatorCodes = file.OperatorCodes.Add(new TfLiteOperatorCode((sbyte)Math.Min(code, 127), code)),
    }).WithOperator(node, @operator => @operator with { Code = (uint)file.OperatorCodes.Length });
}
