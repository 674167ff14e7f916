using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Onnx;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx;

/// <summary>What a caller supplies: a graph input that is no initializer.</summary>
/// <param name="Name">Untrusted text.</param>
/// <param name="Type">Element type.</param>
/// <param name="Dimensions">At least one, each at least 1; a batch of unknown size is 1, and so is a scalar.</param>
internal sealed record OnnxInput(string Name, ElementType Type, ImmutableArray<int> Dimensions)
{
    public string QuotedName => Printable.Name(Name);

    /// <summary>The input, or null, reported, where it is no tensor or has no fixed shape.</summary>
    public static OnnxInput? Read(ValueInfoProto info, string file, DiagnosticBag diagnostics)
    {
        var quoted = Printable.Name(info.Name);
        if (info.Type?.TensorType is not { } type)
        {
            diagnostics.Report(DiagnosticDescriptors.TensorTypeUnsupported, file, quoted, "no tensor", "a tensor");
            return null;
        }

        if (type.Shape == null)
        {
            diagnostics.Report(DiagnosticDescriptors.InputShapeUnknown, file, quoted, "at all");
            return null;
        }

        var dimensions = ImmutableArray.CreateBuilder<int>();
        foreach (var (axis, dimension) in type.Shape.Dim.Take(Shape.MaximumRank + 1).Index())
        {
            var size = dimension.ValueCase == TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue ? dimension.DimValue : 0;
            if (size < 1 && axis > 0)
            {
                diagnostics.Report(DiagnosticDescriptors.InputShapeUnknown, file, quoted, $"in dimension {axis}{Symbol(dimension)}");
                return null;
            }

            if (size < 1)
            {
                diagnostics.Report(DiagnosticDescriptors.BatchTakenAsOne, file, quoted + Symbol(dimension));
            }

            dimensions.Add((int)Math.Clamp(size, 1, int.MaxValue));
        }

        var shape = new Shape(dimensions.Count == 0 ? [1] : dimensions.ToArray());
        if (!shape.IsPossible)
        {
            diagnostics.Report(DiagnosticDescriptors.ShapeInvalid, file, quoted, shape);
            return null;
        }

        return new OnnxInput(info.Name, type.ElemType, shape.Dimensions);
    }

    private static string Symbol(TensorShapeProto.Types.Dimension dimension) =>
        dimension.DimParam.Length == 0 ? "" : $" ({Printable.Name(dimension.DimParam)})";
}
