using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>The operands of QuantizeLinear and DequantizeLinear: scale, zero point, and the dimension that has many scales.</summary>
/// <param name="Scales">One for all, or one for each element of a dimension.</param>
/// <param name="Axis">That dimension; may be negative, then counted from the end.</param>
/// <param name="ZeroPoint">One for all, as the file has it.</param>
/// <param name="Type">The type of the integers, where the zero point or an attribute says it.</param>
internal sealed record QuantizationReader(ImmutableArray<float> Scales, int Axis, int ZeroPoint, ElementType? Type)
{
    public const int UnsignedOffset = 128;

    /// <summary>Null, reported, where scale and zero point are no constants of one granularity.</summary>
    public static QuantizationReader? Read(OnnxNode node)
    {
        if (!node.RequireAttributes("axis", "block_size", "output_dtype", "precision", "saturate")
            || node.ReadInteger("axis", 1) is not { } axis
            || node.ReadInteger("block_size", 0) is not { } blockSize
            || node.ReadInteger("output_dtype", 0) is not { } type
            || node.ReadFloats(1, "the scale") is not { } scales)
        {
            return null;
        }

        if (blockSize != 0)
        {
            node.RefuseAttribute("block_size", blockSize, "a scale for each channel is the finest that is imported");
            return null;
        }

        var quoted = node.Inputs[1]!.QuotedName;
        if (scales.IsEmpty || axis is < -Shape.MaximumRank or > Shape.MaximumRank)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.ConstantLength, node.Place, "the scale", scales.Length, 1);
            return null;
        }

        if (scales.FirstOrDefault(scale => !(scale > 0 && float.IsFinite(scale)), 1f) is var bad && bad != 1f)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, node.Place, bad, quoted);
            return null;
        }

        var isQuantizing = node.Operator is "QuantizeLinear" or "com.microsoft.QuantizeLinear";
        var given = isQuantizing && type != 0 ? (ElementType)type : (ElementType?)null;
        if (!node.HasInput(2))
        {
            return new QuantizationReader(scales, (int)axis, 0, given ?? (isQuantizing ? ElementType.Uint8 : null));
        }

        if (node.ReadConstant(2, "the zero point") is not { } tensor || tensor.ReadInt32s(node.Place, node.Diagnostics) is not { } zeroPoints)
        {
            return null;
        }

        if (zeroPoints.Length != scales.Length && zeroPoints.Length != 1)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.ConstantLength, node.Place, "the zero point", zeroPoints.Length, scales.Length);
            return null;
        }

        if (zeroPoints.Any(zeroPoint => zeroPoint != zeroPoints[0]))
        {
            node.Diagnostics.Report(DiagnosticDescriptors.TensorQuantizationUnsupported, node.Place, tensor.QuotedName, "zero points differ from channel to channel");
            return null;
        }

        return new QuantizationReader(scales, (int)axis, zeroPoints[0], tensor.Type);
    }

    /// <summary>As the quantization of an activation of int8 or uint8; null, reported, where it cannot be one.</summary>
    /// <param name="node">The node that has it.</param>
    /// <param name="name">The activation, for messages.</param>
    /// <param name="type">The activation's type, where it is known otherwise.</param>
    public Quantization? OfActivation(OnnxNode node, string name, ElementType? type)
    {
        var quoted = Printable.Name(name);
        if (Scales.Length != 1)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.TensorQuantizationUnsupported, node.Place, quoted, "an activation needs exactly one scale and one zero point");
            return null;
        }

        var actual = Type ?? type;
        if (actual is not (ElementType.Int8 or ElementType.Uint8) || (type != null && type != actual))
        {
            var found = actual is { } known ? OnnxTensor.NameOf(known) : "of unknown type";
            node.Diagnostics.Report(DiagnosticDescriptors.TensorTypeUnsupported, node.Place, quoted, found, type == null ? "int8 or uint8" : OnnxTensor.NameOf(type.Value));
            return null;
        }

        return new Quantization(Scales[0], actual == ElementType.Uint8 ? ZeroPoint - UnsignedOffset : ZeroPoint);
    }
}
