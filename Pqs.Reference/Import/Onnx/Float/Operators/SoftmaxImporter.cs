using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Softmax: over one dimension from opset 13 on, over all from the given one on before that.</summary>
internal static class SoftmaxImporter
{
    public static OnnxValue? Import(OnnxNodeReader node)
    {
        if (node.ReadActivation(0) is not { } value)
        {
            return null;
        }

        var rank = value.Sizes.Length;
        var given = node.ReadInteger("axis", node.Opset < 13 ? 1 : -1);
        var axis = given < 0 ? given + rank : given;
        if (axis < 0 || axis >= rank)
        {
            return node.RefuseAttribute("axis", given, $"the input has {rank} dimensions");
        }

        var count = node.Opset < 13 ? rank - (int)axis : 1;
        if (value.Layout.Innermost((int)axis, count) is not { } factors)
        {
            return node.RefuseAttribute("axis", given, $"its elements are not neighbours in {value.SizesText} as the graph keeps it");
        }

        var depth = Factor.Product(factors);
        var shape = node.Graph.ShapeOf(value.Tensor);
        var rows = shape[shape.Rank - 1] == depth ? shape : new Shape(shape.ElementCount / depth, depth);
        return node.Emit(new FloatSoftmax(), [node.Graph.InShape(value, rows)], rows, value.Layout);
    }
}
