using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Compress.Pipeline;

/// <summary>What is wrong with single channels of a layer, seen on calibration data.</summary>
internal static class ChannelCheck
{
    /// <summary>False, reported, where outputs are not finite; channels without use are warnings.</summary>
    /// <param name="dot">The layer.</param>
    /// <param name="outputs">Of the original network, by sample; channels are the fastest index.</param>
    public static bool Run(FloatDotProductOperator dot, float[][] outputs, string place, DiagnosticBag diagnostics)
    {
        foreach (var (index, sample) in outputs.Index())
        {
            var element = Array.FindIndex(sample, value => !float.IsFinite(value));
            if (element >= 0)
            {
                diagnostics.Report(DiagnosticDescriptors.OutputsNotFinite, place, sample[element], index);
                return false;
            }
        }

        var channels = Enumerable.Range(0, dot.OutputChannels).ToArray();
        var constant = channels.Where(channel => IsConstant(outputs, channel, dot.OutputChannels)).ToArray();
        var dead = constant.Where(channel => outputs[0][channel] == 0).ToArray();
        var zero = channels.Count(channel => Enumerable.Range(0, dot.ProductCount).All(product => dot.Weight(channel, product) == 0));
        Warn(DiagnosticDescriptors.WeightsAllZero, zero);
        if (zero < channels.Length && outputs.Sum(sample => (long)sample.Length) > channels.Length)
        {
            Warn(DiagnosticDescriptors.ChannelsDead, dead.Length);
            Warn(DiagnosticDescriptors.ChannelsConstant, constant.Length - dead.Length);
        }

        return true;

        void Warn(DiagnosticDescriptor descriptor, int count)
        {
            if (count > 0)
            {
                diagnostics.Report(descriptor, place, count, channels.Length);
            }
        }
    }

    private static bool IsConstant(float[][] outputs, int channel, int channels)
    {
        var value = outputs[0][channel];
        foreach (var sample in outputs)
        {
            for (var i = channel; i < sample.Length; i += channels)
            {
                if (sample[i] != value)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
