using System.Collections.Immutable;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Batch normalization with the statistics of the training: an affine function for each channel.</summary>
internal static class NormalizationImporter
{
    public static OnnxValue? Import(OnnxNodeReader node)
    {
        if (node.ReadActivation(0) is not { } value
            || node.ReadFloats(1, "the scale") is not { } scale
            || node.ReadFloats(2, "the bias") is not { } bias
            || node.ReadFloats(3, "the mean") is not { } mean
            || node.ReadFloats(4, "the variance") is not { } variance)
        {
            return null;
        }

        if (node.ReadInteger("training_mode", 0) is var mode && mode != 0)
        {
            return node.RefuseAttribute("training_mode", mode, "only inference is imported");
        }

        if (value.Sizes.Length < 2 || new[] { scale, bias, mean, variance }.Any(constant => !constant.Sizes.SequenceEqual([value.Sizes[1]])))
        {
            return node.RefuseShapes($"the statistics are not one number for each channel of {value.SizesText}");
        }

        double epsilon = node.ReadFloat("epsilon", 1e-5f);
        ImmutableArray<double> factors = [.. scale.Floats.Zip(variance.Floats, (gamma, spread) => gamma / Math.Sqrt(spread + epsilon))];
        ImmutableArray<double> shifts = [.. factors.Select((factor, channel) => bias.Floats[channel] - (mean.Floats[channel] * factor))];
        ImmutableArray<int> sizes = [value.Sizes[1], .. Enumerable.Repeat(1, value.Sizes.Length - 2)];
        return ChannelConstants.Affine(node, value, sizes, factors, shifts);
    }
}
