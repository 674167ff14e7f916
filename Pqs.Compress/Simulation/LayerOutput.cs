using Pqs.Reference.FloatModel;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Compress.Simulation;

/// <summary>From a layer's exact sums to its output (docs/numerics.md, "One output value"), for accumulators that saturate the exact sum.</summary>
internal static class LayerOutput
{
    /// <returns>The output elements, and how many sums were outside the accumulator.</returns>
    public static (sbyte[] Elements, long Clips) Of(DotProductOperator dot, ReadOnlySpan<int> sums, int zeroPoint)
    {
        var elements = new sbyte[sums.Length];
        var clips = 0L;
        for (var i = 0; i < sums.Length; i++)
        {
            var channel = i % dot.OutputChannels;
            var sum = FixedPoint.Saturate(sums[i], dot.Accumulator.Bits);
            clips += sum == sums[i] ? 0 : 1;
            elements[i] = dot.OutputRange.Clamp(FixedPoint.Requantize(sum + dot.Bias[channel], dot.Requantizations[channel], dot.Rounding) + zeroPoint);
        }

        return (elements, clips);
    }

    /// <summary>The same in real numbers, before the output is quantized.</summary>
    public static float[] Real(DotProductOperator dot, ReadOnlySpan<int> sums, float inputScale, FloatRange activation)
    {
        var elements = new float[sums.Length];
        for (var i = 0; i < sums.Length; i++)
        {
            var channel = i % dot.OutputChannels;
            var value = (long)FixedPoint.Saturate(sums[i], dot.Accumulator.Bits) + dot.Bias[channel];
            elements[i] = activation.Clamp((float)(value * ((double)inputScale * dot.WeightScales[channel])));
        }

        return elements;
    }
}
