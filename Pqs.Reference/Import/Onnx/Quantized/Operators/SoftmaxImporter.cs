using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Softmax over the dimension that is innermost in the graph's tensor, and the product with a constant that it may have in front.</summary>
internal static class SoftmaxImporter
{
    public static QuantizedValue? Import(QdqNode node)
    {
        // A factor in front is the softmax's own.
        var factored = node.ValueOf(0) as Activation;
        var input = factored is { Form: ActivationForm.Real, Factor: not 1 } ? factored : node.ReadReal(0);
        if (input == null || node.Source.ReadInteger("axis", node.Source.Opset < 13 ? 1 : -1) is not { } given)
        {
            return null;
        }

        var layout = input.Layout;
        var axis = given < 0 ? given + layout.Rank : given;
        if (axis < 0 || axis >= layout.Rank)
        {
            node.Source.RefuseAttribute("axis", given, $"the input has {layout.Rank} dimensions");
            return null;
        }

        // Before opset 13 all dimensions from the axis on make one row.
        if (node.Source.Opset < 13 && layout.Sizes[((int)axis + 1)..].Any(size => size != 1))
        {
            node.Source.RefuseAttribute("axis", given, "rows of several dimensions cannot be imported");
            return null;
        }

        if (layout.Innermost((int)axis) == null)
        {
            node.RefuseMovement(0, "to rows");
            return null;
        }

        var (depth, shape) = (layout.Sizes[(int)axis], node.Draft[input.Tensor].Shape);
        var isRow = shape[shape.Rank - 1] == depth;
        var rows = isRow ? shape : new Shape(shape.ElementCount / depth, depth);
        var softmax = new PendingSoftmax(node.Source, node.Draft.InShape(input.Tensor, rows, node.Source), rows, input.Factor, input.Quantization.Scale);
        return new PendingResult(softmax, layout, node.Source.Outputs[0]) { IsReshaped = input.IsReshaped || !isRow };
    }

    /// <summary>Mul of an activation and a positive constant.</summary>
    public static QuantizedValue? Product(QdqNode node)
    {
        var constant = node.Source.HasInput(0) && node.Source.Inputs[0]!.Constant != null ? 0 : 1;
        if (node.Source.ReadFloats(constant, "the factor") is not { } factor || node.ReadReal(1 - constant) is not { } input)
        {
            return null;
        }

        if (factor is not [> 0 and < float.PositiveInfinity])
        {
            node.Source.RefuseAttribute("factor", factor.Length == 1 ? factor[0] : $"{factor.Length} numbers", "one positive number in front of a softmax can be imported");
            return null;
        }

        return input with { Factor = factor[0] };
    }
}

/// <summary>A softmax; its output has one quantization.</summary>
internal sealed record PendingSoftmax(OnnxNode Source, int Tensor, Shape OutputShape, float Beta, float InputScale) : PendingOperator(Source, [Tensor], OutputShape)
{
    public override Operator? Build(Quantization output, OutputRange range, LayerMetadata? said)
    {
        if (range != OutputRange.Full)
        {
            Node.Diagnostics.Report(DiagnosticDescriptors.QdqExpected, Node.Place, Printable.Name(Node.Outputs[0]), "is clamped before it is quantized, which a softmax cannot be");
            return null;
        }

        if (said is { Factors: [var factor], MinimumDifference: { } difference })
        {
            return new Softmax(factor.Multiplier, factor.Shift, difference);
        }

        var real = SoftmaxQuantization.RealFactor(Beta, InputScale);
        if (SoftmaxQuantization.Quantize(real) is { } softmax)
        {
            return softmax;
        }

        Node.Diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, Node.Place, real, "the softmax's input");
        return null;
    }
}
