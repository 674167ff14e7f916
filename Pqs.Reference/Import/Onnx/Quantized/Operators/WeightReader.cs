using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Reference.Diagnostics;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Symmetric weights in the order and dimensions of the file.</summary>
/// <param name="Dimensions">Of the file.</param>
/// <param name="Values">int8, zero point 0.</param>
/// <param name="Scales">One for all, or one for each output channel.</param>
internal sealed record WeightReader(ImmutableArray<int> Dimensions, ImmutableArray<sbyte> Values, ImmutableArray<float> Scales)
{
    /// <summary>Operand 1; null, reported, where it is not a constant of symmetric weights of at most 8 bits.</summary>
    /// <param name="node">The node.</param>
    /// <param name="rank">Dimensions that it must have.</param>
    /// <param name="channelAxis">The dimension that counts output channels.</param>
    public static WeightReader? Read(QdqNode node, int rank, int channelAxis)
    {
        if (node.Source.ReadInput(1, "weights") is not { } operand)
        {
            return null;
        }

        if (node.ValueOf(1) is not DequantizedConstant weights)
        {
            if (operand.Constant != null)
            {
                node.Diagnostics.Report(DiagnosticDescriptors.QdqExpected, node.Place, operand.QuotedName, "is a constant of real numbers where dequantized integers are needed");
            }
            else
            {
                node.Diagnostics.Report(DiagnosticDescriptors.ConstantExpected, node.Place, "the weights", operand.QuotedName);
            }

            return null;
        }

        var (integers, scales, axis, zeroPoint) = weights;
        var quoted = Printable.Name(integers.Name);
        if (integers.Dimensions.Length != rank || integers.Values.IsEmpty)
        {
            node.Source.RefuseShapes($"the weights are [{string.Join('x', integers.Dimensions)}]; {rank} dimensions are needed");
            return null;
        }

        var offset = integers.Type switch
        {
            ElementType.Int8 or ElementType.Int4 => 0,
            ElementType.Uint8 => 128,
            ElementType.Uint4 => 8,
            _ => -1,
        };
        if (offset < 0)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.TensorTypeUnsupported, node.Place, quoted, OnnxTensor.NameOf(integers.Type), "an integer type of 4 or 8 bits");
            return null;
        }

        if (zeroPoint != offset || (scales.Length > 1 && axis != channelAxis))
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.TensorQuantizationUnsupported,
                node.Place,
                quoted,
                zeroPoint != offset ? $"weights have zero point {zeroPoint} where {offset} is needed" : $"weights need one scale, or one for each element of dimension {channelAxis}");
            return null;
        }

        var values = new sbyte[integers.Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (sbyte)(integers.Values[i] - offset);
        }

        return node.Draft.Claim(values.Length) ? new WeightReader(integers.Dimensions, ImmutableCollectionsMarshal.AsImmutableArray(values), scales) : null;
    }
}
