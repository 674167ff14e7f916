using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Schema = Pqs.Reference.Import.TfLite.TfLiteSchema.DepthwiseConv2DOptions;

namespace Pqs.Reference.Import.TfLite.Operators;

internal static class DepthwiseConv2DImporter
{
    public static DepthwiseConv2D? Import(SourceNode node, Tensor input, Tensor output)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.DepthwiseConv2D) is not { } options
            || DotProductConstants.Read(node, input, output, rank: 4, channelAxis: 3, DotProductConstants.ConvolutionProduct) is not { } constants
            || node.ReadActivationRange(options.SignedByte(Schema.Activation), output.Quantization) is not { } range)
        {
            return null;
        }

        var filter = constants.WeightShape;
        var window = node.ReadWindow(
            input.Shape,
            (filter[1], filter[2]),
            (options.Int(Schema.StrideHeight), options.Int(Schema.StrideWidth)),
            (options.Int(Schema.DilationHeight, 1), options.Int(Schema.DilationWidth, 1)),
            options.SignedByte(Schema.Padding));
        if (window == null)
        {
            return null;
        }

        // The multiplier follows from the shapes; the option repeats it, and some converters leave it 0.
        var multiplier = filter[3] / input.Shape[3];
        if (filter[0] != 1 || multiplier * input.Shape[3] != filter[3] || options.Int(Schema.DepthMultiplier) is var given && given != 0 && given != multiplier)
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.OperatorShapes,
                node.Place,
                $"the filter {filter} with depth multiplier {options.Int(Schema.DepthMultiplier)} does not fit {input.Shape[3]} input channels");
            return null;
        }

        return new DepthwiseConv2D(window.Value, input.Shape[3], multiplier)
        {
            Weights = constants.Weights,
            WeightScales = constants.WeightScales,
            Bias = constants.Bias,
            Requantizations = constants.Requantizations,
            Rounding = Rounding.Double,
            Accumulator = Accumulator.Wide,
            OutputRange = range,
        };
    }
}
