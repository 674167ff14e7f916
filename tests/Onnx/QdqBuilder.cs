using Google.Protobuf;
using Pqs.Reference.Onnx;
using Pqs.Tests.FloatModel;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Tests.Onnx;

/// <summary>Builds quantized ONNX models as other tools write them: nodes in real numbers, with quantizing nodes where they are asked for.</summary>
internal sealed class QdqBuilder(long opset = 13, int seed = 1)
{
    private readonly Random _random = new(seed);
    private int _names;

    /// <summary>For nodes without quantization.</summary>
    public OnnxModelBuilder Plain { get; } = new(opset, seed);

    public GraphProto Graph => Plain.Graph;

    /// <summary>The type of activations, which also decides their zero points: those of uint8 are 128 more.</summary>
    public ElementType ActivationType { get; init; } = ElementType.Int8;

    /// <summary>The domain of quantizing nodes.</summary>
    public string QuantizingDomain { get; init; } = "";

    /// <summary>An input of the model in integers, as real numbers.</summary>
    public string Input(params long[] sizes) => Dequantize(IntegerInput(sizes), 0.05f, 3);

    public string IntegerInput(params long[] sizes) => Plain.Input(ActivationType, sizes);

    /// <summary>An input of the model in real numbers, quantized and dequantized.</summary>
    public string RealInput(params long[] sizes) => Requantize(Plain.Input(sizes), 0.05f, 3);

    public string Quantize(string value, float scale = 0.06f, int zeroPoint = -7) => Quantizing("QuantizeLinear", value, scale, zeroPoint, ActivationType);

    public string Dequantize(string value, float scale = 0.06f, int zeroPoint = -7) => Quantizing("DequantizeLinear", value, scale, zeroPoint, ActivationType);

    /// <summary>Real numbers after they have been integers.</summary>
    public string Requantize(string value, float scale = 0.06f, int zeroPoint = -7) => Dequantize(Quantize(value, scale, zeroPoint), scale, zeroPoint);

    /// <summary>Weights with one scale for each element of a dimension, or one for all where it is null.</summary>
    public string Weights(long[] sizes, int? axis = null, ElementType type = ElementType.Int8, float scale = 0.004f)
    {
        var count = (int)sizes.Aggregate(1L, (product, size) => product * size);
        var integers = Enumerable.Range(0, count).Select(_ => type == ElementType.Int4 ? _random.Next(-8, 8) : _random.Next(-127, 128)).ToArray();
        var unsigned = type is ElementType.Uint8;
        var name = Integers(sizes, integers.Select(value => unsigned ? value + 128 : value), type);
        var scales = Enumerable.Range(0, axis is { } dimension ? (int)sizes[dimension] : 1).Select(_ => scale * (0.5f + _random.NextSingle())).ToArray();
        return Dequantized(name, axis == null ? [] : [scales.Length], scales, axis, unsigned ? Integers([], [128], type) : null);
    }

    /// <summary>A bias as int32 by a scale for each channel, or one for all.</summary>
    public string Bias(int channels, params float[] scales)
    {
        var name = Integers([channels], Enumerable.Range(0, channels).Select(_ => _random.Next(-3000, 3000)), ElementType.Int32);
        return Dequantized(name, scales.Length == 1 ? [] : [scales.Length], scales, scales.Length == 1 ? null : 0, null);
    }

    public string Dequantized(string integers, long[] scaleSizes, float[] scales, int? axis, string? zeroPoint)
    {
        var inputs = new List<string> { integers, Plain.Constant(scaleSizes, scales) };
        if (zeroPoint != null)
        {
            inputs.Add(zeroPoint);
        }

        return axis is { } dimension ? Plain.Node("DequantizeLinear", [.. inputs], ("axis", dimension)) : Plain.Node("DequantizeLinear", [.. inputs]);
    }

    public string Integers(long[] sizes, IEnumerable<int> values, ElementType type)
    {
        var bytes = type switch
        {
            ElementType.Int32 => [.. values.SelectMany(BitConverter.GetBytes)],
            ElementType.Int4 => Packed([.. values]),
            _ => values.Select(value => (byte)value).ToArray(),
        };
        Graph.Initializer.Add(new TensorProto { Name = $"integers_{_names++}", DataType = type, Dims = { sizes }, RawData = ByteString.CopyFrom(bytes) });
        return Graph.Initializer[^1].Name;
    }

    public QdqBuilder Output(string value, ElementType? type = null)
    {
        Plain.Output(value);
        Graph.Output[^1].Type.TensorType.ElemType = type ?? ActivationType;
        return this;
    }

    public byte[] Build()
    {
        var model = ModelProto.Parser.ParseFrom(Plain.Build());
        model.IrVersion = opset >= 21 ? 10 : 8;
        if (QuantizingDomain.Length > 0)
        {
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = QuantizingDomain, Version = 1 });
        }

        return model.ToByteArray();
    }

    private static byte[] Packed(int[] values) =>
        [.. values.Chunk(2).Select(pair => (byte)((pair[0] & 0xF) | (pair.Length > 1 ? (pair[1] & 0xF) << 4 : 0)))];

    private string Quantizing(string @operator, string value, float scale, int zeroPoint, ElementType type)
    {
        var offset = type == ElementType.Uint8 ? 128 : 0;
        var output = Plain.Node(@operator, [value, Plain.Scalar(scale), Integers([], [zeroPoint + offset], type)]);
        Graph.Node[^1].Domain = QuantizingDomain;
        return output;
    }
}
