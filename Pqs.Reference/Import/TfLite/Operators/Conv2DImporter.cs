using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Schema = Pqs.Reference.Import.TfLite.TfLiteSchema.Conv2DOptions;

namespace Pqs.Reference.Import.TfLite.Operators;

internal static class Conv2DImporter
{
    public static Conv2D? Import(SourceNode node, Tensor input, Tensor output)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.Conv2D) is not { } options
            || DotProductConstants.Read(node, input, output, rank: 4, channelAxis: 0, DotProductConstants.ConvolutionProduct) is not { } constants
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

        if (filter[3] != input.Shape[3])
        {
            node.Unsupported("groups", $"{input.Shape[3]}/{filter[3]}", "the filter must cover all input channels");
            return null;
        }

        return new Conv2D(window.Value, filter[3])
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
