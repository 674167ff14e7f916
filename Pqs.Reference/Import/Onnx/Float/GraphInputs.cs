using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>The tensors that a caller supplies.</summary>
internal static class GraphInputs
{
    /// <summary>The ids of the inputs; null, reported, where one is not of float32.</summary>
    public static ImmutableArray<int>? Read(OnnxSourceModel source, OnnxScope scope, DiagnosticBag diagnostics)
    {
        var ids = ImmutableArray.CreateBuilder<int>(source.Inputs.Length);
        foreach (var input in source.Inputs)
        {
            if (input.Type != ElementType.Float)
            {
                var (given, needed) = (OnnxTensor.NameOf(input.Type), OnnxTensor.NameOf(ElementType.Float));
                diagnostics.Report(DiagnosticDescriptors.TensorTypeUnsupported, $"{source.File}: graph input", input.QuotedName, given, needed);
                return null;
            }

            var sizes = input.Dimensions;
            var isImage = sizes.Length == 4 && !ChannelOrder.IsLast(source, input.Name);
            var layout = isImage ? Layout.Image(sizes) : Layout.Plain(sizes);
            var shape = isImage ? new Shape(sizes[0], sizes[2], sizes[3], sizes[1]) : new Shape(sizes.AsSpan());
            ids.Add(scope.Graph.AddTensor(input.Name, shape));
            scope.Values.Add(input.Name, new ActivationValue(ids[^1], layout, input.Name, "graph input"));
        }

        return ids.MoveToImmutable();
    }
}
