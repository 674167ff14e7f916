using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.FloatInterpretation;

/// <summary>The pooling operators. Padding takes no part: only taps inside the input count.</summary>
internal static class Pooling
{
    public static void Run(FloatPool2D pool, Shape inputShape, float[] input, Shape outputShape, float[] output)
    {
        var channels = inputShape[3];
        var (vertical, horizontal) = pool.Window;
        for (var position = 0; position < output.Length / channels; position++)
        {
            var values = output.AsSpan(position * channels, channels);
            var (image, row, column) = (position / outputShape[2] / outputShape[1], position / outputShape[2] % outputShape[1], position % outputShape[2]);
            var (rowStart, rowEnd) = Taps(vertical, row, inputShape[1]);
            var (columnStart, columnEnd) = Taps(horizontal, column, inputShape[2]);
            values.Fill(pool is FloatMaxPool2D ? float.NegativeInfinity : 0);
            for (var i = rowStart; i < rowEnd; i++)
            {
                for (var j = columnStart; j < columnEnd; j++)
                {
                    Accumulate(pool, input.AsSpan(((((image * inputShape[1]) + i) * inputShape[2]) + j) * channels, channels), values);
                }
            }

            float divisor = pool is FloatAveragePool2D ? (rowEnd - rowStart) * (columnEnd - columnStart) : 1;
            foreach (ref var value in values)
            {
                value = pool.Activation.Clamp(value / divisor);
            }
        }
    }

    /// <summary>The input elements under a window position, end excluded.</summary>
    private static (int Start, int End) Taps(WindowAxis axis, int position, int inputSize)
    {
        var first = (position * axis.Stride) - axis.PadBefore;
        return (Math.Max(first, 0), Math.Min(first + axis.Kernel, inputSize));
    }

    private static void Accumulate(FloatPool2D pool, ReadOnlySpan<float> taps, Span<float> values)
    {
        if (pool is FloatMaxPool2D)
        {
            for (var channel = 0; channel < values.Length; channel++)
            {
                values[channel] = Math.Max(values[channel], taps[channel]);
            }
        }
        else
        {
            for (var channel = 0; channel < values.Length; channel++)
            {
                values[channel] += taps[channel];
            }
        }
    }
}
