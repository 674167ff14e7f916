using System.Runtime.Intrinsics;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.FloatInterpretation;

/// <summary>Depthwise convolution. The lanes of a vector are channels.</summary>
internal static class DepthwiseConvolution
{
    public static void Run(FloatDepthwiseConv2D @operator, Shape inputShape, float[] input, Shape outputShape, float[] output)
    {
        var channels = @operator.OutputChannels;
        var source = @operator.DepthMultiplier == 1 ? input : Repeated(input, @operator.DepthMultiplier);
        var (vertical, horizontal) = @operator.Window;
        for (var position = 0; position < output.Length / channels; position++)
        {
            var sums = output.AsSpan(position * channels, channels);
            var (image, row, column) = (position / outputShape[2] / outputShape[1], position / outputShape[2] % outputShape[1], position % outputShape[2]);
            for (var i = 0; i < vertical.Kernel; i++)
            {
                var inputRow = (row * vertical.Stride) - vertical.PadBefore + (i * vertical.Dilation);
                for (var j = 0; j < horizontal.Kernel; j++)
                {
                    var inputColumn = (column * horizontal.Stride) - horizontal.PadBefore + (j * horizontal.Dilation);
                    if (inputRow >= 0 && inputRow < inputShape[1] && inputColumn >= 0 && inputColumn < inputShape[2])
                    {
                        var tap = ((((image * inputShape[1]) + inputRow) * inputShape[2]) + inputColumn) * channels;
                        var weights = @operator.Weights.AsSpan(((i * horizontal.Kernel) + j) * channels, channels);
                        MultiplyAdd(source.AsSpan(tap, channels), weights, sums);
                    }
                }
            }

            AddAndClamp.Apply(sums, @operator.Bias.AsSpan(), @operator.Activation);
        }
    }

    /// <summary>Each channel as often as output channels read it.</summary>
    private static float[] Repeated(float[] input, int times)
    {
        var repeated = new float[input.Length * times];
        for (var i = 0; i < input.Length; i++)
        {
            repeated.AsSpan(i * times, times).Fill(input[i]);
        }

        return repeated;
    }

    private static void MultiplyAdd(ReadOnlySpan<float> values, ReadOnlySpan<float> weights, Span<float> sums)
    {
        var lane = 0;
        for (; lane + Vector256<float>.Count <= sums.Length; lane += Vector256<float>.Count)
        {
            var sum = Vector256.FusedMultiplyAdd(
                Vector256.Create(values[lane..]), Vector256.Create(weights[lane..]), Vector256.Create<float>(sums[lane..]));
            sum.CopyTo(sums[lane..]);
        }

        for (; lane < sums.Length; lane++)
        {
            sums[lane] = MathF.FusedMultiplyAdd(values[lane], weights[lane], sums[lane]);
        }
    }
}
