using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Reference.Import.TfLite.Operators;

internal static class SoftmaxImporter
{
    private const float OutputScale = 1f / 256;

    public static Softmax? Import(SourceNode node, Tensor input, Tensor output)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.Softmax) is not { } options)
        {
            return null;
        }

        if (output.Quantization != new Quantization(OutputScale, sbyte.MinValue))
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.TensorQuantizationUnsupported,
                node.Place,
                Printable.Name(output.Name),
                "a softmax's output needs scale 1/256 and zero point -128");
            return null;
        }

        // The factor of the differences, in units of 2^-26 (Q5.26).
        const int fractionalBits = 31 - Softmax.ScaledDifferenceIntegerBits;
        var beta = options.Float(TfLiteSchema.SoftmaxOptions.Beta);
        var real = (double)beta * input.Quantization.Scale * (1 << fractionalBits);
        if (!(beta > 0 && real >= 1 && double.IsFinite(real)) || MultiplierQuantization.Quantize(real) is not { Shift: >= 0 and <= 30 } factor)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, node.Place, real, $"beta {beta}");
            return null;
        }

        var largest = ((1 << Softmax.ScaledDifferenceIntegerBits) - 1.0) * (1 << fractionalBits) / (1L << factor.Shift);
        return new Softmax(factor.Multiplier, factor.Shift, -(int)Math.Floor(largest));
    }
}
