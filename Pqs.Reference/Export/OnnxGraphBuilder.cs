using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using Pqs.Reference.Onnx;
using AttributeType = Pqs.Reference.Onnx.AttributeProto.Types.AttributeType;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Export;

/// <summary>Adds nodes and constants to an ONNX graph, in order, under names that are all different.</summary>
internal sealed class OnnxGraphBuilder
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _nodeNames = new(StringComparer.Ordinal);

    public GraphProto Graph { get; } = new();

    /// <summary>Stands before the names of nodes.</summary>
    public string NodePrefix { get; set; } = "";

    /// <summary>The name itself, or with a number behind it where a value has it already or it is empty.</summary>
    public string Reserve(string wanted) => Reserve(wanted, _names);

    /// <returns>The name of the node's only output.</returns>
    public string Node(string @operator, ImmutableArray<string> inputs, string wantedOutput, params ReadOnlySpan<AttributeProto> attributes) =>
        NodeInto(Reserve(wantedOutput), @operator, inputs, attributes);

    /// <param name="output">A name that is reserved already.</param>
    public string NodeInto(string output, string @operator, ImmutableArray<string> inputs, params ReadOnlySpan<AttributeProto> attributes)
    {
        Graph.Node.Add(new NodeProto
        {
            Name = Reserve(NodePrefix + @operator, _nodeNames),
            OpType = @operator,
            Input = { inputs },
            Output = { output },
            Attribute = { attributes.ToArray() },
        });
        return output;
    }

    public string Float(string name, float value) => Constant(name, ElementType.Float, [], [value]);

    public string Floats(string name, ImmutableArray<float> values) => Constant(name, ElementType.Float, [values.Length], values.AsSpan());

    public string Int8(string name, int value) => Constant(name, ElementType.Int8, [], [(sbyte)value]);

    public string Int32s(string name, ImmutableArray<int> values) => Constant(name, ElementType.Int32, [values.Length], values.AsSpan());

    public string Int64s(string name, IEnumerable<int> values)
    {
        long[] wide = [.. values.Select(value => (long)value)];
        return Constant<long>(name, ElementType.Int64, [wide.Length], wide);
    }

    /// <summary>A constant of raw little-endian elements.</summary>
    public string Constant<T>(string wantedName, ElementType type, ImmutableArray<int> dimensions, ReadOnlySpan<T> elements)
        where T : struct
    {
        var name = Reserve(wantedName);
        Graph.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = type,
            Dims = { dimensions.Select(dimension => (long)dimension) },
            RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes(elements)),
        });
        return name;
    }

    public static ValueInfoProto Int8Value(string name, ImmutableArray<int> dimensions) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = ElementType.Int8,
                Shape = new TensorShapeProto { Dim = { dimensions.Select(size => new TensorShapeProto.Types.Dimension { DimValue = size }) } },
            },
        },
    };

    public static AttributeProto Integer(string name, int value) => new() { Name = name, Type = AttributeType.Int, I = value };

    public static AttributeProto Integers(string name, params ReadOnlySpan<int> values) =>
        new() { Name = name, Type = AttributeType.Ints, Ints = { values.ToArray().Select(value => (long)value) } };

    private static string Reserve(string wanted, HashSet<string> taken)
    {
        var name = wanted;
        for (var number = 2; name.Length == 0 || !taken.Add(name); number++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{wanted}#{number}");
        }

        return name;
    }
}
