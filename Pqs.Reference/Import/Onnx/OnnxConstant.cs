using Pqs.Reference.Diagnostics;
using Pqs.Reference.Onnx;
using AttributeType = Pqs.Reference.Onnx.AttributeProto.Types.AttributeType;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx;

/// <summary>The value of a Constant node: one attribute, of several kinds.</summary>
internal static class OnnxConstant
{
    public static OnnxTensor? Read(OnnxNode node)
    {
        if (node.ReadOutput() is not { } name)
        {
            return null;
        }

        if (node.Attributes.Count != 1)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.FileMalformed, node.Place, $"a constant has {node.Attributes.Count} values");
            return null;
        }

        var (kind, attribute) = node.Attributes.First();
        TensorProto? proto = (kind, attribute.Type) switch
        {
            ("value", AttributeType.Tensor or AttributeType.Undefined) => attribute.T,
            ("value_float", _) => new() { DataType = ElementType.Float, FloatData = { attribute.F } },
            ("value_floats", _) => new() { DataType = ElementType.Float, FloatData = { attribute.Floats }, Dims = { attribute.Floats.Count } },
            ("value_int", _) => new() { DataType = ElementType.Int64, Int64Data = { attribute.I } },
            ("value_ints", _) => new() { DataType = ElementType.Int64, Int64Data = { attribute.Ints }, Dims = { attribute.Ints.Count } },
            _ => null,
        };
        if (proto == null)
        {
            node.RefuseAttribute(Printable.Name(kind), "a value", "only tensors and numbers can be constants");
            return null;
        }

        return OnnxTensor.Open(name, proto, node.Place, node.Diagnostics);
    }
}
