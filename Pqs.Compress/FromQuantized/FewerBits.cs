using Pqs.Compress.Quantizing;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Compress.FromQuantized;

/// <summary>
/// Gives the channels whose integer weights do not fit a grid a larger scale, the one with the least squared error, and rounds weights and bias to it.
/// Channels that fit stay as they are. Multipliers have as many bits as before.
/// </summary>
internal static class FewerBits
{
    /// <param name="dot">The layer.</param>
    /// <param name="grid">The integers that its weights may have.</param>
    /// <param name="factor">The factor from a channel's sums to the output, for a scale of its weights.</param>
    /// <param name="place">Of the layer, for diagnostics.</param>
    /// <returns>The changed layer, or null when an error was reported.</returns>
    public static DotProductOperator? Apply(DotProductOperator dot, WeightGrid grid, Func<float, double> factor, string place, DiagnosticBag diagnostics)
    {
        var (weights, bias, requantizations) = (dot.Weights.ToArray(), dot.Bias.ToArray(), dot.Requantizations.ToArray());
        var scales = Enumerable.Range(0, dot.OutputChannels).Select(channel => dot.WeightScales[dot.WeightScales.Length == 1 ? 0 : channel]).ToArray();
        var isChanged = false;
        for (var channel = 0; channel < dot.OutputChannels; channel++)
        {
            var values = Enumerable.Range(0, dot.ProductCount).Select(k => (double)dot.Weight(channel, k)).ToArray();
            if (values.All(value => Math.Abs(value) <= grid.Limit))
            {
                continue;
            }

            var scale = (float)(scales[channel] * Math.Max(ScaleSearch.LeastError(values, [], grid), 1));
            var ratio = scale / (double)scales[channel];
            if (!float.IsFinite(scale) || MultiplierQuantization.Quantize(factor(scale), dot.MultiplierBits) is not { } requantization)
            {
                diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, place, factor(scale), $"channel {channel}");
                return null;
            }

            for (var k = 0; k < values.Length; k++)
            {
                weights[dot.WeightIndex(channel, k)] = (sbyte)grid.Nearest(values[k] / ratio);
            }

            bias[channel] = (int)Math.Round(bias[channel] / ratio, MidpointRounding.AwayFromZero);
            (scales[channel], requantizations[channel], isChanged) = (scale, requantization, true);
        }

        return isChanged
            ? dot with { Weights = [.. weights], Bias = [.. bias], WeightScales = [.. scales], Requantizations = [.. requantizations] }
            : dot;
    }
}
