using Pqs.Reference.Diagnostics;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>DequantizeLinear of an activation or of a constant.</summary>
internal static class DequantizeImporter
{
    public static QuantizedValue? Import(QdqNode node)
    {
        if (QuantizationReader.Read(node.Source) is not { } read || node.Source.ReadInput(0, "input") is not { } input)
        {
            return null;
        }

        if (input.Constant is { } constant)
        {
            return constant.ReadInt32s(node.Place, node.Diagnostics) is { } values && node.Draft.Claim(values.Length)
                ? Constant(node, new IntegerConstant(constant.Name, constant.Dimensions, constant.Type, values), read)
                : null;
        }

        return node.ValueOf(0) is IntegerConstant quantized ? Constant(node, quantized, read) : node.ReadAny(0) is { } value ? Activation(node, value, read) : null;
    }

    private static Activation? Activation(QdqNode node, QuantizedValue value, QuantizationReader read)
    {
        if (value is not Activation { Form: ActivationForm.Integers } activation)
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.TensorTypeUnsupported, node.Place, node.Source.Inputs[0]!.QuotedName, "float", "int8 or uint8");
            return null;
        }

        if (read.OfActivation(node.Source, node.Source.Inputs[0]!.Name, activation.IsUnsigned ? ElementType.Uint8 : ElementType.Int8) is not { } quantization)
        {
            return null;
        }

        // One that is known better keeps what it is.
        var tensor = node.Draft[activation.Tensor];
        if (node.Scope.FixedQuantizations.Contains(activation.Tensor))
        {
            return activation with { Form = ActivationForm.Real, Quantization = tensor.Quantization };
        }

        if (quantization.ZeroPoint != tensor.Quantization.ZeroPoint)
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.TensorQuantizationUnsupported, node.Place, node.Source.Inputs[0]!.QuotedName, "it is read with another zero point than it was written with");
            return null;
        }

        // A reader may see other numbers in the same integers: its scale is the tensor's.
        node.Draft[activation.Tensor] = tensor with { Quantization = quantization };
        return activation with { Form = ActivationForm.Real, Quantization = quantization };
    }

    private static DequantizedConstant? Constant(QdqNode node, IntegerConstant constant, QuantizationReader read)
    {
        if (ConstantAxis.Of(node.Source, constant.Dimensions, read) is not { } axis)
        {
            return null;
        }

        if (read.Type is { } type && type != constant.Type)
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.TensorTypeUnsupported, node.Place, Printable.Name(constant.Name), OnnxTensor.NameOf(constant.Type), OnnxTensor.NameOf(type));
            return null;
        }

        return new DequantizedConstant(constant, read.Scales, axis.Axis, read.ZeroPoint);
    }
}
