using System.Collections.Immutable;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Which scale an element of a constant has.</summary>
/// <param name="Axis">The dimension that has a scale for each of its elements; 0 where there is one scale for all.</param>
/// <param name="Size">Of that dimension, or 1.</param>
/// <param name="Stride">Elements from one of its elements to the next.</param>
internal readonly record struct ConstantAxis(int Axis, int Size, int Stride)
{
    public int ScaleOf(int element) => element / Stride % Size;

    /// <summary>Null, reported, where the scales are not those of a dimension.</summary>
    public static ConstantAxis? Of(OnnxNode node, ImmutableArray<int> dimensions, QuantizationReader read)
    {
        if (read.Scales.Length == 1)
        {
            return new ConstantAxis(0, 1, 1);
        }

        var axis = read.Axis < 0 ? read.Axis + dimensions.Length : read.Axis;
        if (axis < 0 || axis >= dimensions.Length || dimensions[axis] != read.Scales.Length)
        {
            node.RefuseAttribute("axis", read.Axis, $"{read.Scales.Length} scales are not those of a dimension of [{string.Join('x', dimensions)}]");
            return null;
        }

        return new ConstantAxis(axis, dimensions[axis], Math.Max(1, dimensions[(axis + 1)..].Aggregate(1, (product, size) => product * size)));
    }
}
