using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Onnx;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx;

/// <summary>
/// A constant of an ONNX file: an initializer, or the value of a Constant node. Its data is known to be as long as its dimensions say; nodes that share a
/// constant share what was read from it.
/// </summary>
internal sealed class OnnxTensor
{
    /// <summary>More dimensions than this are refused; constants may have more than activations.</summary>
    private const int MaximumRank = 8;

    private readonly TensorProto _proto;
    private ImmutableArray<float>? _floats;
    private ImmutableArray<long>? _integers;

    private OnnxTensor(string name, TensorProto proto, ImmutableArray<int> dimensions, int count)
    {
        (_proto, Name, Dimensions, ElementCount) = (proto, name, dimensions, count);
    }

    /// <summary>The name of the value that it is, which for a Constant node is that of the node's output. Untrusted text.</summary>
    public string Name { get; }

    public string QuotedName => Printable.Name(Name);

    /// <summary>None for a scalar; a dimension may be 0.</summary>
    public ImmutableArray<int> Dimensions { get; }

    public int ElementCount { get; }

    public ElementType Type => _proto.DataType;

    /// <summary>The element type's name in diagnostics, for example <c>float16</c>.</summary>
    public string TypeName => NameOf(Type);

    /// <summary>True for float, float16, bfloat16 and double.</summary>
    public bool IsReal => Type is ElementType.Float or ElementType.Float16 or ElementType.Bfloat16 or ElementType.Double;

    /// <summary>True for integers of 4 to 64 bits, and bool.</summary>
    public bool IsInteger => ElementBits(Type) > 0 && !IsReal;

    public static string NameOf(ElementType type) => type.ToString().ToLowerInvariant();

    /// <summary>The constant, or null, reported, where its shape or its data is not possible.</summary>
    /// <param name="name">Its name as a value.</param>
    /// <param name="proto">Its message.</param>
    /// <param name="place">Where to report.</param>
    /// <param name="diagnostics">Receives what is wrong.</param>
    public static OnnxTensor? Open(string name, TensorProto proto, string place, DiagnosticBag diagnostics)
    {
        var quoted = Printable.Name(name);
        if (proto.DataLocation == TensorProto.Types.DataLocation.External || proto.ExternalData.Count > 0)
        {
            diagnostics.Report(DiagnosticDescriptors.ExternalData, place, quoted);
            return null;
        }

        if (ElementBits(proto.DataType) == 0)
        {
            diagnostics.Report(DiagnosticDescriptors.TensorTypeUnsupported, place, quoted, NameOf(proto.DataType), "a tensor of numbers");
            return null;
        }

        var count = 1L;
        foreach (var dimension in proto.Dims)
        {
            count = dimension is < 0 or > GraphVerifier.MaximumElements ? long.MaxValue : count * dimension;
            if (count > GraphVerifier.MaximumElements)
            {
                break;
            }
        }

        if (proto.Dims.Count > MaximumRank || count > GraphVerifier.MaximumElements)
        {
            diagnostics.Report(DiagnosticDescriptors.ShapeInvalid, place, quoted, string.Join('x', proto.Dims.Take(MaximumRank + 1)));
            return null;
        }

        var (held, needed) = OnnxTensorData.Length(proto, ElementBits(proto.DataType), count);
        if (held != needed)
        {
            diagnostics.Report(DiagnosticDescriptors.ConstantSize, place, quoted, held, needed);
            return null;
        }

        return new OnnxTensor(name, proto, [.. proto.Dims.Select(dimension => (int)dimension)], (int)count);
    }

    /// <summary>The elements of a constant of real numbers, in single precision.</summary>
    public ImmutableArray<float>? ReadFloats(string place, DiagnosticBag diagnostics)
    {
        if (!IsReal)
        {
            diagnostics.Report(DiagnosticDescriptors.TensorTypeUnsupported, place, QuotedName, TypeName, "float");
            return null;
        }

        return _floats ??= ImmutableCollectionsMarshal.AsImmutableArray(OnnxTensorData.Floats(_proto, ElementCount));
    }

    /// <summary>The elements of a constant of integers.</summary>
    public ImmutableArray<long>? ReadIntegers(string place, DiagnosticBag diagnostics)
    {
        if (!IsInteger)
        {
            diagnostics.Report(DiagnosticDescriptors.TensorTypeUnsupported, place, QuotedName, TypeName, "an integer type");
            return null;
        }

        return _integers ??= ImmutableCollectionsMarshal.AsImmutableArray(OnnxTensorData.Integers(_proto, ElementCount));
    }

    /// <summary>The elements of a constant of integers of at most 32 bits, read anew.</summary>
    public ImmutableArray<int>? ReadInt32s(string place, DiagnosticBag diagnostics)
    {
        if (!IsInteger || Type is ElementType.Int64 or ElementType.Uint64 or ElementType.Uint32)
        {
            diagnostics.Report(DiagnosticDescriptors.TensorTypeUnsupported, place, QuotedName, TypeName, "an integer type of at most 32 bits");
            return null;
        }

        var elements = new int[ElementCount];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = (int)OnnxTensorData.Integer(_proto, i);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(elements);
    }

    /// <summary>The same constant by another name, for nodes that hand it on.</summary>
    public OnnxTensor Named(string name) => new(name, _proto, Dimensions, ElementCount) { _floats = _floats, _integers = _integers };

    /// <summary>Size of one element; 0 for types that are no plain numbers.</summary>
    private static int ElementBits(ElementType type) => type switch
    {
        ElementType.Int4 or ElementType.Uint4 => 4,
        ElementType.Int8 or ElementType.Uint8 or ElementType.Bool => 8,
        ElementType.Int16 or ElementType.Uint16 or ElementType.Float16 or ElementType.Bfloat16 => 16,
        ElementType.Float or ElementType.Int32 or ElementType.Uint32 => 32,
        ElementType.Double or ElementType.Int64 or ElementType.Uint64 => 64,
        _ => 0,
    };
}
