using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Reference.FloatInterpretation;

/// <summary>Operators that compute each element, or each row, by itself.</summary>
internal static class Elementwise
{
    public static void Add(FloatAdd add, float[] first, float[] second, float[] output)
    {
        first.CopyTo(output, 0);
        AddAndClamp.Apply(output, second, add.Activation);
    }

    /// <summary>Each row less its maximum, so that no exponential overflows; sums are of double precision.</summary>
    public static void Softmax(float[] input, int depth, float[] output)
    {
        for (var start = 0; start < input.Length; start += depth)
        {
            var row = input.AsSpan(start, depth);
            var maximum = float.NegativeInfinity;
            foreach (var value in row)
            {
                maximum = Math.Max(maximum, value);
            }

            var sum = 0.0;
            foreach (var value in row)
            {
                sum += Math.Exp(value - (double)maximum);
            }

            for (var i = 0; i < depth; i++)
            {
                output[start + i] = (float)(Math.Exp(row[i] - (double)maximum) / sum);
            }
        }
    }
}
