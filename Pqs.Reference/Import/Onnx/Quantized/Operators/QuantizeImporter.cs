using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Numerics;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>QuantizeLinear: where an operator is complete, and where a tensor of the graph is written.</summary>
internal static class QuantizeImporter
{
    public static QuantizedValue? Import(QdqNode node)
    {
        if (QuantizationReader.Read(node.Source) is not { } read)
        {
            return null;
        }

        if (node.Source is { Inputs: [{ Constant: { } constant }, ..] })
        {
            return Constant(node, constant, read);
        }

        var (input, output) = (node.Source.ReadInput(0, "input"), node.Source.Outputs[0]);
        if (input == null || read.OfActivation(node.Source, output, null) is not { } quantization || node.ReadAny(0) is not { } value)
        {
            return null;
        }

        var name = node.Scope.IsPqs ? output : input.Name;
        var isUnsigned = read.Type == ElementType.Uint8;
        return value switch
        {
            Activation { Form: ActivationForm.Unquantized } activation => Input(node, activation, quantization, isUnsigned),
            Activation { Form: ActivationForm.Real, Factor: 1 } activation => Again(node, activation, quantization, name) is { } again ? again with { IsUnsigned = isUnsigned } : null,
            PendingResult pending => Result(node, pending, quantization, name, isUnsigned),
            _ => Refuse(node, value),
        };
    }

    /// <summary>An input in real numbers: the graph's input is what this node makes of it.</summary>
    private static Activation? Input(QdqNode node, Activation activation, Quantization quantization, bool isUnsigned)
    {
        if (activation.Quantization != quantization || activation.IsUnsigned != isUnsigned)
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.TensorQuantizationUnsupported, node.Place, node.Source.Inputs[0]!.QuotedName, "the input is quantized in more than one way");
            return null;
        }

        var integers = activation with { Form = ActivationForm.Integers };
        return activation.IsReshaped ? ResultEmitter.Reshaped(node, integers, node.Source.Outputs[0]) : integers;
    }

    /// <summary>Integers that became real numbers and become integers again.</summary>
    private static Activation? Again(QdqNode node, Activation activation, Quantization quantization, string name)
    {
        if (activation.Quantization != quantization)
        {
            var result = new PendingResult(Rescaling.Of(node.Source, activation.Tensor, activation.Quantization, node.Draft), activation.Layout, name) { IsReshaped = activation.IsReshaped };
            return ResultEmitter.Emit(node, result, quantization, name, node.Scope.LayerOf(node.Source.Outputs[0]));
        }

        var integers = activation with { Form = ActivationForm.Integers };
        return activation.IsReshaped ? ResultEmitter.Reshaped(node, integers, name) : integers;
    }

    private static Activation? Result(QdqNode node, PendingResult result, Quantization quantization, string name, bool isUnsigned)
    {
        var output = quantization;
        if (result.Operator is PendingSoftmax)
        {
            output = SoftmaxQuantization.Output;
            if (Math.Abs(1 / quantization.Scale - 256) > 2 || quantization.ZeroPoint != output.ZeroPoint)
            {
                node.Diagnostics.Report(
                    DiagnosticDescriptors.TensorQuantizationUnsupported, node.Place, Printable.Name(node.Source.Outputs[0]),
                    "a softmax's output needs scale 1/256 and zero point -128 (of uint8: 0)");
                return null;
            }

            if (quantization != output)
            {
                node.Diagnostics.Report(DiagnosticDescriptors.SoftmaxScale, node.Place, Printable.Name(node.Source.Outputs[0]), quantization.Scale);
            }
        }

        var said = node.Scope.LayerOf(node.Source.Outputs[0]);
        if (ResultEmitter.Emit(node, result, output, name, said) is not { } activation)
        {
            return null;
        }

        if (output != quantization)
        {
            node.Scope.FixedQuantizations.Add(activation.Tensor);
        }

        return activation with { IsUnsigned = isUnsigned };
    }

    /// <summary>A constant of real numbers: weights that an exporter left to be quantized when the model is loaded.</summary>
    private static IntegerConstant? Constant(QdqNode node, OnnxTensor constant, QuantizationReader read)
    {
        if (constant.ReadFloats(node.Place, node.Diagnostics) is not { } reals || !node.Draft.Claim(reals.Length))
        {
            return null;
        }

        var (minimum, maximum) = read.Type switch
        {
            ElementType.Int8 => (sbyte.MinValue, sbyte.MaxValue),
            ElementType.Uint8 => (byte.MinValue, (int)byte.MaxValue),
            ElementType.Int4 => (-8, 7),
            ElementType.Uint4 => (0, 15),
            _ => (0, -1),
        };
        if (minimum > maximum || ConstantAxis.Of(node.Source, constant.Dimensions, read) is not { } axis)
        {
            if (minimum > maximum)
            {
                node.Diagnostics.Report(
                    DiagnosticDescriptors.TensorTypeUnsupported, node.Place, constant.QuotedName, read.Type is { } type ? OnnxTensor.NameOf(type) : "of unknown type", "an integer type of 4 or 8 bits");
            }

            return null;
        }

        var integers = new int[reals.Length];
        for (var i = 0; i < integers.Length; i++)
        {
            var steps = MathF.Round(reals[i] / read.Scales[axis.ScaleOf(i)], MidpointRounding.ToEven);
            if (float.IsNaN(steps))
            {
                node.Diagnostics.Report(DiagnosticDescriptors.ValueNotFinite, node.Place, constant.QuotedName, reals[i], i);
                return null;
            }

            integers[i] = (int)Math.Clamp(steps + (double)read.ZeroPoint, minimum, maximum);
        }

        return new IntegerConstant(constant.Name, constant.Dimensions, read.Type!.Value, [.. integers]);
    }

    private static Activation? Refuse(QdqNode node, QuantizedValue value)
    {
        node.RefusePattern(0, value);
        return null;
    }
}
