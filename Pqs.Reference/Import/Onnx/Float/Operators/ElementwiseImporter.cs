using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Import.Onnx.Float.Passes;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Operators that compute each element from those in its place, so that its place does not matter.</summary>
internal static class ElementwiseImporter
{
    /// <summary>Add, Sub, Mul or Div. With a constant it is affine; else only the sum of two tensors of one shape is taken.</summary>
    public static OnnxValue? Arithmetic(OnnxNodeReader node)
    {
        if (node.ReadInput(0) is not { } first || node.ReadInput(1) is not { } second)
        {
            return null;
        }

        return (first, second) switch
        {
            (ActivationValue value, ConstantValue) => WithConstant(node, value, node.ReadFloats(1, "the constant"), isFirst: false),
            (ConstantValue, ActivationValue value) => WithConstant(node, value, node.ReadFloats(0, "the constant"), isFirst: true),
            (ActivationValue left, ActivationValue right) => OfTensors(node, left, right),
            _ => node.RefuseConstant(0),
        };
    }

    public static OnnxValue? Relu(OnnxNodeReader node) => node.ReadActivation(0) is { } value ? Clamped(node, value, FloatRange.Relu) : null;

    /// <summary>Bounds are attributes before opset 11 and constant inputs from then on.</summary>
    public static OnnxValue? Clip(OnnxNodeReader node)
    {
        if (node.ReadActivation(0) is not { } value)
        {
            return null;
        }

        float? minimum, maximum;
        if (node.Opset < 11)
        {
            minimum = node.ReadFloat("min", float.NegativeInfinity);
            maximum = node.ReadFloat("max", float.PositiveInfinity);
        }
        else
        {
            minimum = node.HasInput(1) ? node.ReadScalar(1, "the minimum") : float.NegativeInfinity;
            maximum = node.HasInput(2) ? node.ReadScalar(2, "the maximum") : float.PositiveInfinity;
        }

        if (minimum == null || maximum == null)
        {
            return null;
        }

        var range = new FloatRange(Bound(minimum.Value), Bound(maximum.Value));
        return range.IsPossible ? Clamped(node, value, range) : node.RefuseRange(range);
    }

    /// <summary>The largest numbers stand for no bound.</summary>
    private static float Bound(float value) => Math.Abs(value) == float.MaxValue ? value * 2 : value;

    private static ActivationValue? Clamped(OnnxNodeReader node, ActivationValue value, FloatRange range) =>
        node.Emit(new Clamp(range), [value.Tensor], node.Graph.ShapeOf(value.Tensor), value.Layout);

    private static OnnxValue? OfTensors(OnnxNodeReader node, ActivationValue first, ActivationValue second)
    {
        if (node.OperatorType != "Add")
        {
            return node.RefuseAttribute("input 1", second.Name, "one operand must be a constant");
        }

        if (!first.Sizes.SequenceEqual(second.Sizes))
        {
            return node.RefuseAttribute("shape", $"{first.SizesText} + {second.SizesText}", "both inputs must have the same shape; broadcasting is not done");
        }

        if (!first.Layout.HasPlacesOf(second.Layout))
        {
            return node.RefuseMovement(second, $"to those of {first.SizesText}");
        }

        var shape = node.Graph.ShapeOf(first.Tensor);
        return node.Emit(new FloatAdd(FloatRange.None), [first.Tensor, node.Graph.InShape(second, shape)], shape, first.Layout);
    }

    private static OnnxValue? WithConstant(OnnxNodeReader node, ActivationValue value, ConstantValue? constant, bool isFirst)
    {
        if (constant == null)
        {
            return null;
        }

        if (node.OperatorType == "Div" && isFirst)
        {
            return node.RefuseAttribute("input 0", "a constant", "only division by a constant is affine");
        }

        var (scale, shift) = node.OperatorType switch
        {
            "Add" => (Ones(constant), Numbers(constant, 1)),
            "Sub" when isFirst => (Ones(constant).Select(one => -one), Numbers(constant, 1)),
            "Sub" => (Ones(constant), Numbers(constant, -1)),
            "Mul" => (Numbers(constant, 1), Ones(constant).Select(_ => 0.0)),
            _ => (Numbers(constant, 1).Select(number => 1 / number), Ones(constant).Select(_ => 0.0)),
        };
        return ChannelConstants.Affine(node, value, constant.Sizes, [.. scale], [.. shift]);
    }

    private static IEnumerable<double> Ones(ConstantValue constant) => Enumerable.Repeat(1.0, constant.Floats.Length);

    private static IEnumerable<double> Numbers(ConstantValue constant, double factor) => constant.Floats.Select(number => factor * number);
}
