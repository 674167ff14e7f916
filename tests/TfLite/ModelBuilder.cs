using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.TfLite;

/// <summary>
/// Builds an int8 TensorFlow Lite model layer by layer, as a converter would write it, and beside it the graph that an import of it must give.
/// Layers are added in execution order; every method that adds one returns its output. Equal constants share one buffer of the file.
/// </summary>
internal sealed class ModelBuilder
{
    private readonly List<TfLiteTensor> _tensors = [];
    private readonly List<TfLiteOperator> _operators = [];
    private readonly List<TfLiteOperatorCode> _codes = [];
    private readonly List<TfLiteBuffer> _buffers = [new TfLiteBuffer(null)];
    private readonly List<Activation> _inputs = [];
    private readonly List<Activation> _outputs = [];
    private readonly List<ExpectedNode> _expected = [];

    /// <summary>The finished file as a description, to be changed before it is written.</summary>
    public TfLiteFile File => new()
    {
        OperatorCodes = [.. _codes],
        Buffers = [.. _buffers],
        Subgraphs =
        [
            new TfLiteSubgraph
            {
                Tensors = [.. _tensors],
                Inputs = [.. _inputs.Select(input => input.Index)],
                Outputs = [.. _outputs.Select(output => output.Index)],
                Operators = [.. _operators],
            },
        ],
    };

    public Activation AddInput(ImmutableArray<int> shape, float scale, int zeroPoint, string? name = null)
    {
        var input = AddActivation(shape, scale, zeroPoint, name);
        _inputs.Add(input);
        return input;
    }

    /// <summary>Weights: output channel, kernel row, kernel column, input channel.</summary>
    public Activation Conv2D(Activation input, Filter filter, Result result, Steps? steps = null)
    {
        steps ??= new Steps();
        var window = ExpectedValues.Window(input, filter.Height, filter.Width, steps);
        var output = AddWindowed(input, window, filter.Channels, result);
        var inputChannels = input.Shape[3];
        var expected = new Conv2D(window, inputChannels)
        {
            Weights = filter.Weights,
            WeightScales = filter.Scales,
            Bias = filter.Bias ?? [.. new int[filter.Channels]],
            Requantizations = ExpectedValues.Requantizations(input, filter, output),
            Rounding = Rounding.Double,
            Accumulator = Accumulator.Wide,
            OutputRange = ExpectedValues.Range(result),
        };
        ImmutableArray<TfLiteOption> options =
        [
            Byte(0, (int)steps.Padding), Int(1, steps.StrideWidth), Int(2, steps.StrideHeight), Byte(3, (int)result.Activation),
            Int(4, steps.DilationWidth), Int(5, steps.DilationHeight),
        ];
        return AddNode(
            3, expected, [input], AddConstants(filter, [filter.Channels, filter.Height, filter.Width, inputChannels], 0), output, 1, options);
    }

    /// <summary>Weights: kernel row, kernel column, output channel. The depth multiplier follows from the channels.</summary>
    public Activation DepthwiseConv2D(Activation input, Filter filter, Result result, Steps? steps = null)
    {
        steps ??= new Steps();
        var window = ExpectedValues.Window(input, filter.Height, filter.Width, steps);
        var output = AddWindowed(input, window, filter.Channels, result);
        var multiplier = filter.Channels / input.Shape[3];
        var expected = new DepthwiseConv2D(window, input.Shape[3], multiplier)
        {
            Weights = filter.Weights,
            WeightScales = filter.Scales,
            Bias = filter.Bias ?? [.. new int[filter.Channels]],
            Requantizations = ExpectedValues.Requantizations(input, filter, output),
            Rounding = Rounding.Double,
            Accumulator = Accumulator.Wide,
            OutputRange = ExpectedValues.Range(result),
        };
        ImmutableArray<TfLiteOption> options =
        [
            Byte(0, (int)steps.Padding), Int(1, steps.StrideWidth), Int(2, steps.StrideHeight), Int(3, multiplier),
            Byte(4, (int)result.Activation), Int(5, steps.DilationWidth), Int(6, steps.DilationHeight),
        ];
        return AddNode(4, expected, [input], AddConstants(filter, [1, filter.Height, filter.Width, filter.Channels], 3), output, 2, options);
    }

    /// <summary>Weights: output channel, input. The input is taken as rows of as many elements as one channel has weights.</summary>
    public Activation FullyConnected(Activation input, Filter filter, Result result)
    {
        var inputSize = filter.Weights.Length / filter.Channels;
        var output = AddActivation([input.ElementCount / inputSize, filter.Channels], result.Scale, result.ZeroPoint, result.Name);
        var expected = new FullyConnected(inputSize)
        {
            Weights = filter.Weights,
            WeightScales = filter.Scales,
            Bias = filter.Bias ?? [.. new int[filter.Channels]],
            Requantizations = ExpectedValues.MatrixRequantizations(input, filter, output),
            Rounding = Rounding.Double,
            Accumulator = Accumulator.Wide,
            OutputRange = ExpectedValues.Range(result),
        };
        return AddNode(
            9, expected, [input], AddConstants(filter, [filter.Channels, inputSize], 0), output, 8, [Byte(0, (int)result.Activation), Byte(1, 0)]);
    }

    public Activation Add(Activation first, Activation second, Result result)
    {
        var output = AddActivation(first.Shape, result.Scale, result.ZeroPoint, result.Name);
        var expected = ExpectedValues.Add(first, second, output, ExpectedValues.Range(result));
        return AddNode(0, expected, [first, second], [], output, 11, [Byte(0, (int)result.Activation)]);
    }

    /// <summary>The output has the input's quantization.</summary>
    public Activation AveragePool2D(
        Activation input, int height, int width, Steps? steps = null, FusedActivation activation = FusedActivation.None, string? name = null) =>
        Pool(1, (window, range) => new AveragePool2D(window, range), input, height, width, steps, activation, name);

    /// <summary>The output has the input's quantization.</summary>
    public Activation MaxPool2D(
        Activation input, int height, int width, Steps? steps = null, FusedActivation activation = FusedActivation.None, string? name = null) =>
        Pool(17, (window, range) => new MaxPool2D(window, range), input, height, width, steps, activation, name);

    /// <summary>A RESHAPE with its operand for the new shape, or, by their codes, SQUEEZE (43) and EXPAND_DIMS (70), which mean the same.</summary>
    public Activation Reshape(Activation input, ImmutableArray<int> shape, int code = 22, string? name = null)
    {
        var output = AddActivation(shape, input.Scale, input.ZeroPoint, name);
        ImmutableArray<int> operands = code == 22 ? [AddConstant(TfLiteTensor.Int32, [shape.Length], Bytes(shape.AsSpan()), null)] : [];
        return AddNode(code, new Reshape(), [input], operands, output, 0, null);
    }

    /// <summary>Over the last dimension; the output has scale 1/256 and zero point -128.</summary>
    public Activation Softmax(Activation input, float beta = 1, string? name = null)
    {
        var output = AddActivation(input.Shape, 1f / 256, -128, name);
        return AddNode(25, ExpectedValues.Softmax(input, beta), [input], [], output, 9, [new TfLiteOption(0, beta)]);
    }

    /// <summary>The paddings are stored as int32, or as int64.</summary>
    public Activation Pad(Activation input, ImmutableArray<int> before, ImmutableArray<int> after, bool wide = false, string? name = null)
    {
        var output = AddActivation(
            [.. input.Shape.Select((size, axis) => size + before[axis] + after[axis])], input.Scale, input.ZeroPoint, name);
        int[] pairs = [.. before.Zip(after, (b, a) => new[] { b, a }).SelectMany(pair => pair)];
        var data = wide ? Bytes<long>([.. pairs.Select(value => (long)value)]) : Bytes<int>(pairs);
        var operand = AddConstant(wide ? TfLiteTensor.Int64 : TfLiteTensor.Int32, [before.Length, 2], data, null);
        return AddNode(34, new Pad(before, after), [input], [operand], output, 0, null);
    }

    public ModelBuilder Output(params ReadOnlySpan<Activation> outputs)
    {
        _outputs.AddRange(outputs);
        return this;
    }

    public byte[] Build() => TfLiteWriter.Write(File);

    /// <summary>What the import of <paramref name="bytes"/>, which <see cref="Build"/> returned, must give.</summary>
    public Graph ExpectedGraph(string name, byte[] bytes)
    {
        var nodes = ExpectedNode.Live(_expected, _outputs);
        Activation[] order = [.. _inputs, .. nodes.Select(node => node.Output)];
        var ids = order.Index().ToDictionary(entry => entry.Item.Index, entry => entry.Index);
        return new Graph(
            name,
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)),
            [.. order.Select(a => new Tensor(a.Name, new Shape(a.Shape.AsSpan()), new Quantization(a.Scale, a.ZeroPoint), a.Index))],
            [.. nodes.Select(node => new Node(node.Origin, node.Operator, [.. node.Inputs.Select(input => ids[input.Index])], ids[node.Output.Index]))],
            [.. _inputs.Select(input => ids[input.Index])],
            [.. _outputs.Select(output => ids[output.Index])]);
    }

    private static TfLiteOption Byte(int field, int value) => new(field, (sbyte)value);

    private static TfLiteOption Int(int field, int value) => new(field, value);

    private static ImmutableArray<byte> Bytes<T>(ReadOnlySpan<T> values)
        where T : struct => [.. MemoryMarshal.AsBytes(values)];

    private Activation Pool(
        int code, Func<Window, OutputRange, Operator> make, Activation input, int height, int width, Steps? steps, FusedActivation activation, string? name)
    {
        steps ??= new Steps();
        var result = new Result(input.Scale, input.ZeroPoint, activation, name);
        var window = ExpectedValues.Window(input, height, width, steps);
        var output = AddWindowed(input, window, input.Shape[3], result);
        ImmutableArray<TfLiteOption> options =
        [
            Byte(0, (int)steps.Padding), Int(1, steps.StrideWidth), Int(2, steps.StrideHeight), Int(3, width), Int(4, height),
            Byte(5, (int)activation),
        ];
        return AddNode(code, make(window, ExpectedValues.Range(result)), [input], [], output, 5, options);
    }

    private Activation AddWindowed(Activation input, Window window, int channels, Result result) => AddActivation(
        [input.Shape[0], ExpectedValues.Positions(input.Shape[1], window.Vertical), ExpectedValues.Positions(input.Shape[2], window.Horizontal), channels],
        result.Scale,
        result.ZeroPoint,
        result.Name);

    private Activation AddActivation(ImmutableArray<int> shape, float scale, int zeroPoint, string? name)
    {
        var activation = new Activation(_tensors.Count, name ?? $"t{_tensors.Count}", shape, scale, zeroPoint);
        _tensors.Add(new TfLiteTensor
        {
            Shape = shape,
            Name = TfLiteTensor.Utf8(activation.Name),
            Quantization = new TfLiteQuantization([scale], [zeroPoint]),
        });
        return activation;
    }

    /// <summary>Weights and, if there is one, bias.</summary>
    private ImmutableArray<int> AddConstants(Filter filter, ImmutableArray<int> shape, int channelAxis)
    {
        var quantization = new TfLiteQuantization(filter.Scales, [.. new long[filter.Scales.Length]], channelAxis);
        var weights = AddConstant(TfLiteTensor.Int8, shape, Bytes(filter.Weights.AsSpan()), quantization);
        return filter.Bias is { } bias ? [weights, AddConstant(TfLiteTensor.Int32, [bias.Length], Bytes(bias.AsSpan()), null)] : [weights];
    }

    private int AddConstant(sbyte type, ImmutableArray<int> shape, ImmutableArray<byte> data, TfLiteQuantization? quantization)
    {
        var buffer = _buffers.FindIndex(candidate => candidate.Data is { } other && other.AsSpan().SequenceEqual(data.AsSpan()));
        if (buffer < 0)
        {
            buffer = _buffers.Count;
            _buffers.Add(new TfLiteBuffer(data));
        }

        _tensors.Add(new TfLiteTensor
        {
            Shape = shape,
            Type = type,
            Buffer = (uint)buffer,
            Name = TfLiteTensor.Utf8($"c{_tensors.Count}"),
            Quantization = quantization,
        });
        return _tensors.Count - 1;
    }

    private Activation AddNode(
        int code,
        Operator expected,
        ImmutableArray<Activation> inputs,
        ImmutableArray<int> constants,
        Activation output,
        byte optionsType,
        ImmutableArray<TfLiteOption>? options)
    {
        var position = _codes.FindIndex(candidate => candidate.Builtin == code);
        if (position < 0)
        {
            position = _codes.Count;
            _codes.Add(new TfLiteOperatorCode((sbyte)code, code));
        }

        _expected.Add(new ExpectedNode(_operators.Count, code, expected, inputs, output));
        _operators.Add(new TfLiteOperator(
            (uint)position, [.. inputs.Select(input => input.Index), .. constants], [output.Index], optionsType, options));
        return output;
    }
}
