using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Schema = Pqs.Reference.Import.TfLite.TfLiteSchema.FullyConnectedOptions;

namespace Pqs.Reference.Import.TfLite.Operators;

internal static class FullyConnectedImporter
{
    public static FullyConnected? Import(SourceNode node, Tensor input, Tensor output)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.FullyConnected) is not { } options
            || DotProductConstants.Read(node, input, output, rank: 2, channelAxis: 0, DotProductConstants.MatrixProduct) is not { } constants
            || node.ReadActivationRange(options.SignedByte(Schema.Activation), output.Quantization) is not { } range
            || !RequireFormat(node, options))
        {
            return null;
        }

        return new FullyConnected(constants.WeightShape[1])
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

    /// <summary>False, reported, for weights that are stored in another order.</summary>
    public static bool RequireFormat(SourceNode node, FlatTable options)
    {
        var format = options.SignedByte(Schema.WeightsFormat);
        if (format != 0)
        {
            node.Unsupported("weights_format", format, "only DEFAULT can be read");
        }

        return format == 0;
    }
}
