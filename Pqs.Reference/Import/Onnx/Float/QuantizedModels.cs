using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>Tells models that compute with integers.</summary>
internal static class QuantizedModels
{
    private static readonly ImmutableArray<string> Operators =
    [
        "ConvInteger", "DequantizeLinear", "DynamicQuantizeLinear", "MatMulInteger", "QLinearConv", "QLinearMatMul", "QuantizeLinear",
    ];

    /// <summary>True, reported, for a model that quantizes, or takes integers.</summary>
    public static bool Refuse(OnnxSourceModel source, DiagnosticBag diagnostics)
    {
        var node = source.Nodes.FirstOrDefault(node => Operators.Contains(node.Operator));
        var input = source.Inputs.FirstOrDefault(input => input.Type is ElementType.Int8 or ElementType.Uint8 or ElementType.Int16 or ElementType.Uint16);
        if (node != null)
        {
            diagnostics.Report(DiagnosticDescriptors.ModelIsQuantized, source.File, $"it has {node.Origin}");
        }
        else if (input != null)
        {
            diagnostics.Report(DiagnosticDescriptors.ModelIsQuantized, source.File, $"input {input.QuotedName} is {OnnxTensor.NameOf(input.Type)}");
        }

        return node != null || input != null;
    }
}
