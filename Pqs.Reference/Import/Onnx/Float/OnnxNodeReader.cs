using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Import.Onnx.Float.Passes;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>
/// A node of an ONNX file, with what the operators' importers share. Readers report what does not fit and return null, or for attributes the default; refusals
/// report and return null.
/// </summary>
internal sealed class OnnxNodeReader(OnnxNode node, OnnxScope scope)
{
    public string OperatorType => node.Operator;

    public string Place => node.Place;

    public int Opset => node.Opset;

    public DraftGraph Graph => scope.Graph;

    public DiagnosticBag Diagnostics => node.Diagnostics;

    /// <summary>The name of the first output.</summary>
    private string OutputName => node.Outputs[0];

    public bool HasInput(int index) => node.HasInput(index);

    public OnnxValue? ReadInput(int index) => node.ReadInput(index, $"input {index}") is { } operand ? ValueOf(operand) : null;

    public ActivationValue? ReadActivation(int index)
    {
        var value = ReadInput(index);
        if (value is ConstantValue)
        {
            RefuseConstant(index);
        }

        return value as ActivationValue;
    }

    /// <summary>A constant of real numbers.</summary>
    public ConstantValue? ReadFloats(int index, string what)
    {
        var constant = ReadConstant(index, what);
        if (constant is { Floats.IsDefault: true })
        {
            Report(DiagnosticDescriptors.TensorTypeUnsupported, node.Inputs[index]!.QuotedName, constant.Type, "float");
            return null;
        }

        return constant;
    }

    /// <summary>A constant of one real number.</summary>
    public float? ReadScalar(int index, string what)
    {
        if (ReadFloats(index, what) is not { } constant)
        {
            return null;
        }

        if (constant.Floats.Length != 1)
        {
            Report(DiagnosticDescriptors.ConstantLength, what, constant.Floats.Length, 1);
            return null;
        }

        return constant.Floats[0];
    }

    /// <summary>A constant of integers, for example a shape.</summary>
    public ImmutableArray<long>? ReadIntegers(int index, string what)
    {
        if (ReadConstant(index, what) is not { } constant)
        {
            return null;
        }

        if (constant.Integers.IsDefault)
        {
            Report(DiagnosticDescriptors.TensorTypeUnsupported, node.Inputs[index]!.QuotedName, constant.Type, "an integer type");
            return null;
        }

        return constant.Integers;
    }

    public long ReadInteger(string name, long whenAbsent) => node.ReadInteger(name, whenAbsent) ?? whenAbsent;

    public float ReadFloat(string name, float whenAbsent) => node.ReadFloat(name, whenAbsent) ?? whenAbsent;

    public string ReadText(string name, string whenAbsent) => node.ReadString(name, whenAbsent) ?? whenAbsent;

    /// <summary>Null for an attribute that is not given.</summary>
    public ImmutableArray<long>? ReadIntegers(string name) => node.HasAttribute(name) ? node.ReadIntegers(name, []) : null;

    /// <summary>Integers from a minimum to what a tensor can be large.</summary>
    public ImmutableArray<int>? ReadSizes(string name, int minimum, ImmutableArray<int>? whenAbsent)
    {
        var given = ReadIntegers(name);
        if (given == null && whenAbsent == null)
        {
            Report(DiagnosticDescriptors.OperandMissing, $"attribute {name}");
        }

        if (given is not { } values)
        {
            return whenAbsent;
        }

        if (values.Any(value => value < minimum || value > GraphVerifier.MaximumElements))
        {
            RefuseAttribute(name, $"[{string.Join(", ", values.Take(16))}]", $"each must be at least {minimum}");
            return null;
        }

        return [.. values.Select(value => (int)value)];
    }

    /// <summary>Adds a node to the graph; its output has the name of this node's first one.</summary>
    /// <returns>What the node gives; null, reported, when no tensor can have the shape.</returns>
    public ActivationValue? Emit(FloatOperator @operator, ImmutableArray<int> inputs, Shape shape, Layout layout) =>
        AddNode(@operator, inputs, shape) is { } tensor ? new ActivationValue(tensor, layout, OutputName, node.Origin) : null;

    /// <summary>Adds a node whose output is not this node's.</summary>
    /// <returns>The tensor; null, reported, when no tensor can have the shape.</returns>
    public int? AddNode(FloatOperator @operator, ImmutableArray<int> inputs, Shape shape)
    {
        var constants = @operator switch
        {
            FloatDotProductOperator dot => dot.Weights.Length,
            ChannelAffine affine => affine.Channels,
            _ => 0,
        };
        if (!Claim(constants))
        {
            return null;
        }

        if (!shape.IsPossible)
        {
            Report(DiagnosticDescriptors.ShapeInvalid, Printable.Name(OutputName), shape);
            return null;
        }

        return Graph.AddNode(node.Origin, @operator, inputs, OutputName, shape);
    }

    /// <summary>False, reported, when the constants made so far are too many.</summary>
    public bool Claim(long elements)
    {
        var isPossible = Graph.Claim(elements);
        if (!isPossible)
        {
            Report(DiagnosticDescriptors.GraphTooLarge, "weights", $"more than {GraphVerifier.MaximumElements}", GraphVerifier.MaximumElements);
        }

        return isPossible;
    }

    /// <summary>The same elements under this node's name.</summary>
    public OnnxValue Renamed(OnnxValue value) => value is ActivationValue activation ? activation with { Name = OutputName, Origin = node.Origin } : value;

    public OnnxValue? RefuseAttribute(string attribute, object value, string why) => Report(DiagnosticDescriptors.AttributeUnsupported, attribute, value, why);

    public OnnxValue? RefuseShapes(string what) => Report(DiagnosticDescriptors.OperatorShapes, what);

    public OnnxValue? RefuseRange(FloatRange range) => Report(DiagnosticDescriptors.OutputRangeEmpty, range.Minimum, range.Maximum);

    public OnnxValue? RefuseConstant(int index) => Report(DiagnosticDescriptors.ConstantAsActivation, node.Inputs[index]!.QuotedName);

    public OnnxValue? RefuseMovement(ActivationValue value, string why) =>
        Report(DiagnosticDescriptors.ElementsMove, $"{Printable.Name(value.Name)} of {value.SizesText}", why);

    private ConstantValue? ReadConstant(int index, string what)
    {
        if (node.ReadInput(index, what) is not { } operand)
        {
            return null;
        }

        var value = ValueOf(operand);
        if (value is not ConstantValue)
        {
            Report(DiagnosticDescriptors.ConstantExpected, what, operand.QuotedName);
        }

        return value as ConstantValue;
    }

    /// <summary>A constant of the file, or what an earlier node gives.</summary>
    private OnnxValue ValueOf(OnnxOperand operand) => operand.Constant is not { } tensor ? scope.Values[operand.Name] : new ConstantValue(
        tensor.Dimensions,
        tensor.TypeName,
        tensor.IsReal ? tensor.ReadFloats(Place, Diagnostics) ?? default : default,
        tensor.IsReal ? default : tensor.ReadIntegers(Place, Diagnostics) ?? default);

    private OnnxValue? Report(DiagnosticDescriptor descriptor, params object[] arguments)
    {
        Diagnostics.Report(descriptor, Place, arguments);
        return null;
    }
}
