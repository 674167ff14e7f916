using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.TfLite.Float;

/// <summary>What the importers of float operators read from nodes and tensors; each reader reports what does not fit and returns null.</summary>
internal static class FloatSourceReaders
{
    /// <summary>The shape of a float32 activation.</summary>
    public static Shape? ReadFloatActivation(this SourceTensor tensor, string place, DiagnosticBag diagnostics) =>
        tensor.RequireType(TfLiteSchema.TensorType.Float32, place, diagnostics) && tensor.RequireNoVariable(place, diagnostics)
            ? tensor.ReadShape(place, diagnostics)
            : null;

    /// <summary>The shape of an input that is an activation.</summary>
    public static Shape? ReadFloatInput(this SourceNode node, int index)
    {
        if (node.ReadInput(index, $"input {index}") is not { } tensor)
        {
            return null;
        }

        if (tensor.IsConstant)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.ConstantAsActivation, node.Place, tensor.QuotedName);
            return null;
        }

        return tensor.ReadFloatActivation(node.Place, node.Diagnostics);
    }

    /// <summary>The shape of the only output.</summary>
    public static Shape? ReadFloatOutput(this SourceNode node)
    {
        if (node.Outputs.Count != 1 || node.Outputs[0] is not { } tensor)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.OperandMissing, node.Place, "single output");
            return null;
        }

        return tensor.ReadFloatActivation(node.Place, node.Diagnostics);
    }

    /// <summary>The bounds of a fused activation.</summary>
    public static FloatRange? ReadFloatRange(this SourceNode node, int activation)
    {
        switch (activation)
        {
            case TfLiteSchema.Activation.None:
                return FloatRange.None;
            case TfLiteSchema.Activation.Relu:
                return FloatRange.Relu;
            case TfLiteSchema.Activation.Relu6:
                return FloatRange.Relu6;
            case TfLiteSchema.Activation.ReluMinus1To1:
                return new FloatRange(-1, 1);
            default:
                node.ReportActivation(activation);
                return null;
        }
    }
}
