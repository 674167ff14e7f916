using Google.Protobuf;
using Pqs.Reference.Onnx;
using AttributeType = Pqs.Reference.Onnx.AttributeProto.Types.AttributeType;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Tests.FloatModel;

/// <summary>Builds an ONNX model node by node. Names of values are given out in order; a constant's numbers come from a seeded generator.</summary>
internal sealed class OnnxModelBuilder
{
    private readonly Random _random;
    private readonly GraphProto _graph = new() { Name = "test" };
    private readonly long _opset;
    private int _names;

    public OnnxModelBuilder(long opset = 17, int seed = 1)
    {
        _opset = opset;
        _random = new Random(seed);
    }

    public GraphProto Graph => _graph;

    public long Opset => _opset;

    /// <summary>A float input; a dimension of -1 is one of unknown size.</summary>
    public string Input(params long[] sizes) => Input(ElementType.Float, sizes);

    public string Input(ElementType type, params long[] sizes)
    {
        var name = Name("input");
        _graph.Input.Add(Info(name, type, sizes));
        return name;
    }

    /// <summary>Numbers from -1 to 1.</summary>
    public string Weights(params long[] sizes) => Constant(sizes, Numbers(sizes, -1, 1));

    /// <summary>Numbers from a half to one and a half.</summary>
    public string Positive(params long[] sizes) => Constant(sizes, Numbers(sizes, 0.5, 1.5));

    public string Constant(long[] sizes, float[] values)
    {
        var tensor = new TensorProto { Name = Name("constant"), DataType = ElementType.Float, Dims = { sizes } };
        tensor.FloatData.Add(values);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    public string Scalar(float value) => Constant([], [value]);

    public string Integers(params long[] values) => IntegersOf([values.Length], values);

    public string IntegersOf(long[] sizes, long[] values)
    {
        var tensor = new TensorProto { Name = Name("constant"), DataType = ElementType.Int64, Dims = { sizes } };
        tensor.Int64Data.Add(values);
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>Adds a node with one output.</summary>
    /// <param name="type">The operator.</param>
    /// <param name="inputs">Values; empty for one that is left out.</param>
    /// <param name="attributes">Names with a long, float, string, long[], float[] or tensor each.</param>
    /// <returns>The output.</returns>
    public string Node(string type, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = type, Output = { Name(type) }, Input = { inputs } };
        node.Attribute.Add(attributes.Select(attribute => Attribute(attribute.Name, attribute.Value)));
        _graph.Node.Add(node);
        return node.Output[0];
    }

    public string Node(string type, string input, params (string Name, object Value)[] attributes) => Node(type, [input], attributes);

    /// <summary>Marks a value as an output of the model; its shape is left for readers to infer.</summary>
    public OnnxModelBuilder Output(string name)
    {
        _graph.Output.Add(new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = ElementType.Float } } });
        return this;
    }

    public byte[] Build()
    {
        // The format's version that goes with the oldest operators here; later versions only add to it.
        var model = new ModelProto { IrVersion = 8, ProducerName = "test", Graph = _graph, OpsetImport = { new OperatorSetIdProto { Version = _opset } } };
        return model.ToByteArray();
    }

    public float[] Numbers(long[] sizes, double minimum, double maximum) =>
        [.. Enumerable.Range(0, (int)sizes.Aggregate(1L, (product, size) => product * size)).Select(_ => (float)(minimum + ((maximum - minimum) * _random.NextDouble())))];

    private static ValueInfoProto Info(string name, ElementType type, long[] sizes)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(sizes.Select(size => size < 0 ? new TensorShapeProto.Types.Dimension { DimParam = "N" } : new TensorShapeProto.Types.Dimension { DimValue = size }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = type, Shape = shape } } };
    }

    private static AttributeProto Attribute(string name, object value) => value switch
    {
        int number => new AttributeProto { Name = name, Type = AttributeType.Int, I = number },
        long number => new AttributeProto { Name = name, Type = AttributeType.Int, I = number },
        float number => new AttributeProto { Name = name, Type = AttributeType.Float, F = number },
        string text => new AttributeProto { Name = name, Type = AttributeType.String, S = ByteString.CopyFromUtf8(text) },
        int[] numbers => new AttributeProto { Name = name, Type = AttributeType.Ints, Ints = { numbers.Select(number => (long)number) } },
        float[] numbers => new AttributeProto { Name = name, Type = AttributeType.Floats, Floats = { numbers } },
        TensorProto tensor => new AttributeProto { Name = name, Type = AttributeType.Tensor, T = tensor },
        _ => throw new ArgumentException($"Attributes have no values of type {value.GetType()}.", nameof(value)),
    };

    private string Name(string kind) => $"{kind}_{_names++}";
}
