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
            || node.ReadActivationRange(options.SignedByte(Schema.Activation), output.Quantization) is not { } range
            || ReadWindow(node, options, input.Shape, constants.WeightShape) is not { } window)
        {
            return null;
        }

        return new Conv2D(window, input.Shape[3])
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

    /// <summary>The window of a filter that covers all input channels.</summary>
    public static Window? ReadWindow(SourceNode node, FlatTable options, Shape input, Shape filter)
    {
        var window = node.ReadWindow(
            input,
            (filter[1], filter[2]),
            (options.Int(Schema.StrideHeight), options.Int(Schema.StrideWidth)),
            (options.Int(Schema.DilationHeight, 1), options.Int(Schema.DilationWidth, 1)),
            options.SignedByte(Schema.Padding));
        if (window != null && filter[3] != input[3])
        {
            node.Unsupported("groups", $"{input[3]}/{filter[3]}", "the filter must cover all input channels");
            return null;
        }

        return window;
    }
}
