using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Reference.Import.TfLite.Operators;

internal static class SoftmaxImporter
{
    public static Softmax? Import(SourceNode node, Tensor input, Tensor output)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.Softmax) is not { } options)
        {
            return null;
        }

        if (output.Quantization != SoftmaxQuantization.Output)
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.TensorQuantizationUnsupported,
                node.Place,
                Printable.Name(output.Name),
                "a softmax's output needs scale 1/256 and zero point -128");
            return null;
        }

        var beta = options.Float(TfLiteSchema.SoftmaxOptions.Beta);
        var real = SoftmaxQuantization.RealFactor(beta, input.Quantization.Scale);
        if (!(beta > 0) || SoftmaxQuantization.Quantize(real) is not { } softmax)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, node.Place, real, $"beta {beta}");
            return null;
        }

        return softmax;
    }
}
