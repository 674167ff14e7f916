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
            || node.ReadActivationRange(options.SignedByte(Schema.Activation), output.Quantization) is not { } range
            || ReadWindow(node, options, input.Shape, constants.WeightShape) is not { } window)
        {
            return null;
        }

        return new DepthwiseConv2D(window, input.Shape[3], constants.WeightShape[3] / input.Shape[3])
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

    /// <summary>The window of a filter that has a whole number of output channels for each input channel.</summary>
    public static Window? ReadWindow(SourceNode node, FlatTable options, Shape input, Shape filter)
    {
        var window = node.ReadWindow(
            input,
            (filter[1], filter[2]),
            (options.Int(Schema.StrideHeight), options.Int(Schema.StrideWidth)),
            (options.Int(Schema.DilationHeight, 1), options.Int(Schema.DilationWidth, 1)),
            options.SignedByte(Schema.Padding));
        if (window == null)
        {
            return null;
        }

        // The multiplier follows from the shapes; the option repeats it, and some converters leave it 0.
        var multiplier = filter[3] / input[3];
        var given = options.Int(Schema.DepthMultiplier);
        if (filter[0] != 1 || multiplier * input[3] != filter[3] || (given != 0 && given != multiplier))
        {
            node.Diagnostics.Report(
                DiagnosticDescriptors.OperatorShapes, node.Place, $"the filter {filter} with depth multiplier {given} does not fit {input[3]} input channels");
            return null;
        }

        return window;
    }
}
