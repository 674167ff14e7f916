using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Relu and Clip, which become bounds of the operator in front.</summary>
internal static class ClampImporter
{
    public static QuantizedValue? Relu(QdqNode node) => Clamped(node, FloatRange.Relu);

    /// <summary>Bounds are attributes before opset 11 and constant inputs from then on.</summary>
    public static QuantizedValue? Clip(QdqNode node) =>
        Bound(node, 1, "min", float.NegativeInfinity) is { } minimum && Bound(node, 2, "max", float.PositiveInfinity) is { } maximum
            ? Clamped(node, new FloatRange(minimum, maximum))
            : null;

    private static PendingResult? Clamped(QdqNode node, FloatRange range)
    {
        if (!range.IsPossible)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.OutputRangeEmpty, node.Place, range.Minimum, range.Maximum);
            return null;
        }

        if (node.ValueOf(0) is PendingResult pending)
        {
            return pending with { Clamp = pending.Clamp.Then(range), Name = node.Source.Outputs[0] };
        }

        return node.ReadReal(0) is { } input
            ? new PendingResult(Rescaling.Of(node.Source, input.Tensor, input.Quantization, node.Draft), input.Layout, node.Source.Outputs[0])
            {
                Clamp = range,
                IsReshaped = input.IsReshaped,
            }
            : null;
    }

    private static float? Bound(QdqNode node, int index, string name, float none)
    {
        var source = node.Source;
        var bound = source.Opset < 11 ? source.ReadFloat(name, none) : source.HasInput(index) ? Scalar(source, index, name) : none;

        // The largest numbers stand for no bound.
        return bound == float.MaxValue || bound == float.MinValue ? none : bound;
    }

    private static float? Scalar(OnnxNode node, int index, string name)
    {
        if (node.ReadFloats(index, name) is not { } values)
        {
            return null;
        }

        if (values is [var value])
        {
            return value;
        }

        node.Diagnostics.Report(DiagnosticDescriptors.ConstantLength, node.Place, name, values.Length, 1);
        return null;
    }
}
