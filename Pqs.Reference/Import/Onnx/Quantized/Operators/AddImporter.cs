using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Add of two activations, or of a bias to a dot product that has none.</summary>
internal static class AddImporter
{
    public static QuantizedValue? Import(QdqNode node)
    {
        for (var constant = 0; constant < 2; constant++)
        {
            var other = node.ValueOf(1 - constant);
            var isConstant = node.Source.HasInput(constant) && (node.Source.Inputs[constant]!.Constant != null || node.ValueOf(constant) is DequantizedConstant);
            if (isConstant && other is PendingResult { Operator: PendingDotProduct { HasBias: false } dot, IsReshaped: false } pending && pending.Clamp == FloatRange.None)
            {
                return WithBias(node, constant, pending, dot);
            }
        }

        if (node.ReadReal(0) is not { } first || node.ReadReal(1) is not { } second)
        {
            return null;
        }

        if (!first.Layout.Sizes.SequenceEqual(second.Layout.Sizes))
        {
            node.Source.RefuseAttribute(
                "shape", $"[{string.Join('x', first.Layout.Sizes)}] + [{string.Join('x', second.Layout.Sizes)}]", "both inputs must have the same shape; broadcasting is not done");
            return null;
        }

        if (!first.Layout.HasPlacesOf(second.Layout))
        {
            node.RefuseMovement(1, "to those of the other operand");
            return null;
        }

        var shape = node.Draft[first.Tensor].Shape;
        var sum = new PendingAdd(node.Source, [first.Tensor, node.Draft.InShape(second.Tensor, shape, node.Source)], shape, first.Quantization, second.Quantization);
        return new PendingResult(sum, first.Layout, node.Source.Outputs[0]) { IsReshaped = first.IsReshaped };
    }

    private static PendingResult? WithBias(QdqNode node, int constant, PendingResult pending, PendingDotProduct dot)
    {
        // A bias has one number for each channel: the second dimension of an image, the last one of rows.
        var dimensions = node.Source.Inputs[constant]!.Constant?.Dimensions ?? ((DequantizedConstant)node.ValueOf(constant)!).Integers.Dimensions;
        var (rank, fromEnd) = (pending.Layout.Rank, dot is PendingConvolution ? 3 : 1);
        var wide = dimensions.TakeWhile(dimension => dimension == 1).Count();
        if (dimensions.Length > rank || (wide < dimensions.Length && dimensions.Length - wide != fromEnd))
        {
            node.Diagnostics.Report(DiagnosticDescriptors.ConstantAsActivation, node.Place, node.Source.Inputs[constant]!.QuotedName);
            return null;
        }

        return BiasReader.Read(node, constant, dot.OutputChannels, dot.Input.Scale, dot.WeightScales) is { } bias
            ? pending with { Operator = dot with { Bias = bias, HasBias = true }, Name = node.Source.Outputs[0] }
            : null;
    }
}

/// <summary>A sum that waits for the quantization of its output.</summary>
internal sealed record PendingAdd(OnnxNode Source, ImmutableArray<int> Tensors, Shape OutputShape, Quantization First, Quantization Second)
    : PendingOperator(Source, Tensors, OutputShape)
{
    public override Operator? Build(Quantization output, OutputRange range, LayerMetadata? said)
    {
        var factors = said?.Factors ?? ScaleFactors.OfAdd(First.Scale, Second.Scale, output.Scale, said?.MultiplierBits ?? MultiplierBits.Long);
        if (factors is [var first, var second, var sum])
        {
            return new Add(first, second, sum, range);
        }

        Node.Diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, Node.Place, output.Scale, "the sum");
        return null;
    }
}
