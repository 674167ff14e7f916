using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Reference.Import.TfLite.Operators;

internal static class AddImporter
{
    public static Add? Import(SourceNode node, Tensor first, Tensor output)
    {
        if (node.ReadInputActivation(1) is not { } second
            || node.ReadOptions(TfLiteSchema.OptionsType.Add) is not { } options
            || node.ReadActivationRange(options.SignedByte(TfLiteSchema.AddOptions.Activation), output.Quantization) is not { } range)
        {
            return null;
        }

        if (first.Shape != second.Shape)
        {
            node.Unsupported("shape", $"{first.Shape} + {second.Shape}", "both inputs must have the same shape; broadcasting is not done");
            return null;
        }

        var factors = AddScaling.FromScales(first.Quantization.Scale, second.Quantization.Scale, output.Quantization.Scale);
        if (Quantize(node, factors.First, 0, "input 0") is not { } firstFactor
            || Quantize(node, factors.Second, 0, "input 1") is not { } secondFactor
            || Quantize(node, factors.Output, -1, "the sum") is not { } outputFactor)
        {
            return null;
        }

        return new Add(firstFactor, secondFactor, outputFactor, range);
    }

    private static Requantization? Quantize(SourceNode node, double real, int maximumShift, string what)
    {
        var factor = double.IsFinite(real) && real > 0 ? MultiplierQuantization.Quantize(real) : null;
        if (factor is { } possible && possible.Shift <= maximumShift)
        {
            return factor;
        }

        node.Diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, node.Place, real, what);
        return null;
    }
}
