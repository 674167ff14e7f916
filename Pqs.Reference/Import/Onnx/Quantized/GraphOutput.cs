using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.Onnx.Quantized.Operators;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>What a caller receives: the integers of the last tensor, whether the file dequantizes them or not.</summary>
internal static class GraphOutput
{
    /// <returns>The tensor; null, reported, where the value is none.</returns>
    public static int? Read(string name, OnnxSourceModel source, QdqScope scope)
    {
        var quoted = Printable.Name(name);
        switch (scope.Values.GetValueOrDefault(name))
        {
            case Activation { Form: not ActivationForm.Unquantized, Factor: 1 } activation:
                return Ordered(activation, name, source, scope);
            case null:
                scope.Diagnostics.Report(DiagnosticDescriptors.OutputNotWritten, source.File, quoted);
                return null;
            case PendingResult:
                scope.Diagnostics.Report(DiagnosticDescriptors.QdqExpected, source.File, quoted, "is an output of the model, but is not quantized");
                return null;
            default:
                scope.Diagnostics.Report(DiagnosticDescriptors.QdqExpected, source.File, quoted, "is an output of the model, but is no quantized activation");
                return null;
        }
    }

    private static int? Ordered(Activation activation, string name, OnnxSourceModel source, QdqScope scope)
    {
        var (draft, layout) = (scope.Draft, activation.Layout);
        if (!layout.IsPlain && !layout.IsImage)
        {
            scope.Diagnostics.Report(DiagnosticDescriptors.ElementsMove, source.File, Printable.Name(name), "to the order in which the file gives them");
            return null;
        }

        // Real numbers in other dimensions than the tensor that they were read from.
        var tensor = activation.Tensor;
        if (activation.IsReshaped)
        {
            var node = source.Nodes.First(node => node.Outputs.Contains(name));
            tensor = draft.AddNode(node.Origin, new Reshape(), [tensor], name, Orientation.ShapeOf(layout), draft[tensor].Quantization);
        }

        // The caller knows it by the name of the output.
        if (activation.Form == ActivationForm.Real && !source.Inputs.Any(input => input.Name == draft[tensor].Name))
        {
            draft.Rename(tensor, name);
        }

        return tensor;
    }
}
