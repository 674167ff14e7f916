using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>The tensors that a caller receives: in the order of the file, or N×H×W×C for images.</summary>
internal static class GraphOutputs
{
    /// <summary>The ids of the outputs; null, reported, where one is a constant, or would have to be put in order.</summary>
    public static ImmutableArray<int>? Read(OnnxSourceModel source, OnnxScope scope, DiagnosticBag diagnostics)
    {
        var ids = ImmutableArray.CreateBuilder<int>(source.Outputs.Length);
        foreach (var name in source.Outputs)
        {
            if (scope.Values.GetValueOrDefault(name) is not ActivationValue value)
            {
                diagnostics.Report(DiagnosticDescriptors.OutputNotWritten, source.File, Printable.Name(name));
                return null;
            }

            if (ShapeOf(value, scope.Graph) is not { } shape)
            {
                diagnostics.Report(
                    DiagnosticDescriptors.ElementsMove, $"{source.File}: graph output", $"{Printable.Name(name)} of {value.SizesText}", "to the order of the file");
                return null;
            }

            ids.Add(Own(value, shape, name, ids, scope.Graph));
        }

        return ids.MoveToImmutable();
    }

    /// <summary>The shape in which the caller receives a value; null where its elements would have to move.</summary>
    private static Shape? ShapeOf(ActivationValue value, DraftGraph graph)
    {
        var sizes = value.Sizes;
        Shape? plain = value.Layout.IsPlain ? new Shape(sizes.Length == 0 ? [1] : sizes.AsSpan()) : null;
        Shape? image = value.Layout.IsImage ? new Shape(sizes[0], sizes[2], sizes[3], sizes[1]) : null;

        // With dimensions of 1, both may fit; then the tensor keeps the shape that it has.
        return image == graph.ShapeOf(value.Tensor) ? image : plain ?? image;
    }

    /// <summary>A tensor that a node writes and no other output has, under the output's name.</summary>
    private static int Own(ActivationValue value, Shape shape, string name, ImmutableArray<int>.Builder others, DraftGraph graph)
    {
        var tensor = graph.InShape(value, shape);
        if (others.Contains(tensor) || !graph.IsWritten(tensor))
        {
            tensor = graph.AddNode(value.Origin, new FloatReshape(), [tensor], name, shape);
        }

        graph.Rename(tensor, name);
        return tensor;
    }
}
