using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.FloatInterpretation;

/// <summary>Padding with zeros.</summary>
internal static class Padding
{
    public static void Run(FloatPad pad, Shape inputShape, float[] input, Shape outputShape, float[] output)
    {
        var last = inputShape.Rank - 1;
        var length = inputShape[last];
        for (var line = 0; line < input.Length / length; line++)
        {
            var (rest, position, stride) = (line, pad.Before[last], outputShape[last]);
            for (var axis = last - 1; axis >= 0; axis--)
            {
                position += ((rest % inputShape[axis]) + pad.Before[axis]) * stride;
                rest /= inputShape[axis];
                stride *= outputShape[axis];
            }

            input.AsSpan(line * length, length).CopyTo(output.AsSpan(position));
        }
    }
}
