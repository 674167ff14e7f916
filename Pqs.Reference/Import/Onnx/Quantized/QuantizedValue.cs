using System.Collections.Immutable;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Import.Onnx.Float;
using Pqs.Reference.Model;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>What a name in a quantized ONNX graph stands for.</summary>
internal abstract record QuantizedValue;

/// <summary>A constant of integers.</summary>
/// <param name="Name">Untrusted text.</param>
/// <param name="Dimensions">None for a scalar.</param>
/// <param name="Type">int4, uint4, int8, uint8 or int32.</param>
/// <param name="Values">As many as the dimensions say.</param>
internal sealed record IntegerConstant(string Name, ImmutableArray<int> Dimensions, ElementType Type, ImmutableArray<int> Values) : QuantizedValue;

/// <summary>A constant of real numbers, scale · (integer − zero point).</summary>
/// <param name="Integers">The integers.</param>
/// <param name="Scales">One for all, or one for each element of a dimension.</param>
/// <param name="Axis">That dimension.</param>
/// <param name="ZeroPoint">One for all.</param>
internal sealed record DequantizedConstant(IntegerConstant Integers, ImmutableArray<float> Scales, int Axis, int ZeroPoint) : QuantizedValue;

/// <summary>Whether an activation is an int8 tensor, or what it stands for.</summary>
internal enum ActivationForm
{
    Integers,
    Real,

    /// <summary>An input of the model in real numbers, before it is quantized.</summary>
    Unquantized,
}

/// <summary>Elements of a tensor of the graph, in an order and in dimensions of the file.</summary>
/// <param name="Tensor">Id.</param>
/// <param name="Layout">Where its elements lie in the graph's tensor.</param>
/// <param name="Quantization">What its integers stand for here.</param>
/// <param name="IsUnsigned">Whether the file's integers are uint8; they are 128 more than the graph's.</param>
/// <param name="Form">Integers or real numbers.</param>
internal sealed record Activation(int Tensor, Layout Layout, Quantization Quantization, bool IsUnsigned, ActivationForm Form) : QuantizedValue
{
    /// <summary>Whether the file gives it other dimensions than its tensor has.</summary>
    public bool IsReshaped { get; init; }

    /// <summary>What its real numbers are multiplied by: a softmax may have it in front.</summary>
    public float Factor { get; init; } = 1;
}

/// <summary>Real numbers that an operator gives, before they are quantized.</summary>
/// <param name="Operator">The operator, which needs the quantization of its output to be complete.</param>
/// <param name="Layout">Where its elements lie in the output.</param>
/// <param name="Name">Untrusted text.</param>
internal sealed record PendingResult(PendingOperator Operator, Layout Layout, string Name) : QuantizedValue
{
    /// <summary>Clamps behind the operator.</summary>
    public FloatRange Clamp { get; init; } = FloatRange.None;

    /// <summary>Whether the file gives it other dimensions than the operator does.</summary>
    public bool IsReshaped { get; init; }
}
