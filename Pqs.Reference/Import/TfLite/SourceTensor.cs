using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.TfLite;

/// <summary>A tensor of the model file. Reading its shape or data reports what does not fit and returns null.</summary>
internal sealed class SourceTensor(FlatTable table, SourceBuffer? data, int index)
{
    public int Index => index;

    public string Name => table.Name(TfLiteSchema.Tensor.Name);

    public string QuotedName => Printable.Name(Name);

    public int Type => table.SignedByte(TfLiteSchema.Tensor.Type);

    /// <summary>True when the file holds the tensor's elements.</summary>
    public bool IsConstant => data is { Length: > 0 };

    /// <summary>True when one scale stands for all channels.</summary>
    public bool HasSingleScale => Quantization?.Length(TfLiteSchema.Quantization.Scale) == 1;

    private FlatTable? Quantization => table.Table(TfLiteSchema.Tensor.Quantization);

    /// <summary>The dimensions; a scalar is one element. Null, reported, where no tensor can have them.</summary>
    public Shape? ReadShape(string place, DiagnosticBag diagnostics)
    {
        var rank = table.Length(TfLiteSchema.Tensor.Shape);
        var dimensions = new int[Math.Min(rank, Shape.MaximumRank + 1)];
        var count = 1L;
        for (var axis = 0; axis < dimensions.Length; axis++)
        {
            dimensions[axis] = table.VectorInt(TfLiteSchema.Tensor.Shape, axis);
            count = dimensions[axis] < 1 ? long.MaxValue : Math.Min(count * dimensions[axis], GraphVerifier.MaximumElements + 1L);
            if (count > GraphVerifier.MaximumElements)
            {
                break;
            }
        }

        if (rank > Shape.MaximumRank || count > GraphVerifier.MaximumElements)
        {
            var shape = string.Join('x', dimensions) + (rank > dimensions.Length ? "x..." : "");
            diagnostics.Report(DiagnosticDescriptors.ShapeInvalid, place, QuotedName, shape);
            return null;
        }

        return rank == 0 ? new Shape(1) : new Shape(dimensions);
    }

    /// <summary>As an int8 activation with one scale and one zero point.</summary>
    public Tensor? ReadActivation(string place, DiagnosticBag diagnostics)
    {
        if (!RequireType(TfLiteSchema.TensorType.Int8, place, diagnostics))
        {
            return null;
        }

        if (!RequireNoVariable(place, diagnostics))
        {
            return null;
        }

        if (ReadShape(place, diagnostics) is not { } shape)
        {
            return null;
        }

        if (Quantization is not { } quantization
            || quantization.Length(TfLiteSchema.Quantization.Scale) != 1
            || quantization.Length(TfLiteSchema.Quantization.ZeroPoint) != 1
            || quantization.Byte(TfLiteSchema.Quantization.DetailsType) != 0)
        {
            diagnostics.Report(
                DiagnosticDescriptors.TensorQuantizationUnsupported, place, QuotedName, "an activation needs exactly one scale and one zero point");
            return null;
        }

        var scale = quantization.VectorFloat(TfLiteSchema.Quantization.Scale, 0);
        var zeroPoint = quantization.VectorLong(TfLiteSchema.Quantization.ZeroPoint, 0);
        if (!(scale > 0 && float.IsFinite(scale)) || zeroPoint is < sbyte.MinValue or > sbyte.MaxValue)
        {
            diagnostics.Report(DiagnosticDescriptors.QuantizationInvalid, place, QuotedName, scale, zeroPoint);
            return null;
        }

        return new Tensor(Name, shape, new Quantization(scale, (int)zeroPoint), index);
    }

    /// <summary>
    /// The scales of symmetric weights: one for each of the <paramref name="channels"/> along <paramref name="axis"/>, or one for all,
    /// which is then repeated.
    /// </summary>
    public ImmutableArray<float>? ReadWeightScales(int channels, int axis, string place, DiagnosticBag diagnostics)
    {
        var count = Quantization?.Length(TfLiteSchema.Quantization.Scale) ?? 0;
        if (Quantization is not { } quantization
            || (count != 1 && (count != channels || quantization.Int(TfLiteSchema.Quantization.Dimension) != axis))
            || quantization.Byte(TfLiteSchema.Quantization.DetailsType) != 0)
        {
            diagnostics.Report(
                DiagnosticDescriptors.TensorQuantizationUnsupported, place, QuotedName, $"weights need one scale, or {channels} along dimension {axis}");
            return null;
        }

        for (var i = 0; i < quantization.Length(TfLiteSchema.Quantization.ZeroPoint); i++)
        {
            if (quantization.VectorLong(TfLiteSchema.Quantization.ZeroPoint, i) is var zeroPoint && zeroPoint != 0)
            {
                diagnostics.Report(
                    DiagnosticDescriptors.TensorQuantizationUnsupported, place, QuotedName, $"weights have zero point {zeroPoint} where 0 is needed");
                return null;
            }
        }

        var scales = ImmutableArray.CreateBuilder<float>(channels);
        for (var channel = 0; channel < channels; channel++)
        {
            scales.Add(quantization.VectorFloat(TfLiteSchema.Quantization.Scale, count == 1 ? 0 : channel));
        }

        return scales.MoveToImmutable();
    }

    /// <summary>The elements of an int8 constant; nodes that share it share the array.</summary>
    public ImmutableArray<sbyte>? ReadInt8(string what, string place, DiagnosticBag diagnostics) =>
        ReadConstant(what, TfLiteSchema.TensorType.Int8, sizeof(sbyte), place, diagnostics)?.Int8;

    /// <summary>The elements of a float32 constant; nodes that share it share the array.</summary>
    public ImmutableArray<float>? ReadFloat32(string what, string place, DiagnosticBag diagnostics) =>
        ReadConstant(what, TfLiteSchema.TensorType.Float32, sizeof(float), place, diagnostics)?.Float32;

    public ImmutableArray<int>? ReadInt32(string what, string place, DiagnosticBag diagnostics) =>
        ReadConstant(what, TfLiteSchema.TensorType.Int32, sizeof(int), place, diagnostics) is { } constant
            ? [.. MemoryMarshal.Cast<byte, int>(constant.Bytes)]
            : null;

    /// <summary>The elements of an int32 or int64 constant.</summary>
    public ImmutableArray<long>? ReadIntegers(string what, string place, DiagnosticBag diagnostics)
    {
        if (Type != TfLiteSchema.TensorType.Int64)
        {
            return ReadInt32(what, place, diagnostics) is { } narrow ? [.. narrow.Select(value => (long)value)] : null;
        }

        return ReadConstant(what, TfLiteSchema.TensorType.Int64, sizeof(long), place, diagnostics) is { } constant
            ? [.. MemoryMarshal.Cast<byte, long>(constant.Bytes)]
            : null;
    }

    /// <summary>True when the elements are of a type; else this is reported.</summary>
    public bool RequireType(int type, string place, DiagnosticBag diagnostics)
    {
        if (Type != type)
        {
            diagnostics.Report(
                DiagnosticDescriptors.TensorTypeUnsupported, place, QuotedName, TfLiteSchema.TensorType.Name(Type), TfLiteSchema.TensorType.Name(type));
        }

        return Type == type;
    }

    /// <summary>True when the tensor keeps nothing from one inference to the next; else this is reported.</summary>
    public bool RequireNoVariable(string place, DiagnosticBag diagnostics)
    {
        var isVariable = table.Byte(TfLiteSchema.Tensor.IsVariable) != 0;
        if (isVariable)
        {
            diagnostics.Report(DiagnosticDescriptors.TensorQuantizationUnsupported, place, QuotedName, "it is a variable");
        }

        return !isVariable;
    }

    private SourceBuffer? ReadConstant(string what, int type, int elementSize, string place, DiagnosticBag diagnostics)
    {
        if (data is not { Length: > 0 })
        {
            diagnostics.Report(DiagnosticDescriptors.ConstantExpected, place, what, QuotedName);
            return null;
        }

        if (table.Has(TfLiteSchema.Tensor.Sparsity))
        {
            diagnostics.Report(DiagnosticDescriptors.TensorTypeUnsupported, place, QuotedName, "stored sparsely", "dense storage");
            return null;
        }

        if (!RequireType(type, place, diagnostics) || ReadShape(place, diagnostics) is not { } shape)
        {
            return null;
        }

        if (data.Length != (long)shape.ElementCount * elementSize)
        {
            diagnostics.Report(DiagnosticDescriptors.ConstantSize, place, QuotedName, data.Length, (long)shape.ElementCount * elementSize);
            return null;
        }

        return data;
    }
}
