using System.Runtime.Intrinsics;
using Pqs.Reference.FloatModel;

namespace Pqs.Reference.FloatInterpretation;

/// <summary>What most operators end with: a sum, and the fused activation.</summary>
internal static class AddAndClamp
{
    /// <summary>values[i] = clamp(values[i] + addends[i]).</summary>
    public static void Apply(Span<float> values, ReadOnlySpan<float> addends, FloatRange range)
    {
        var (minimum, maximum) = (Vector256.Create(range.Minimum), Vector256.Create(range.Maximum));
        var i = 0;
        for (; i + Vector256<float>.Count <= values.Length; i += Vector256<float>.Count)
        {
            var sum = Vector256.Create<float>(values[i..]) + Vector256.Create(addends[i..]);
            Vector256.Min(Vector256.Max(sum, minimum), maximum).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            values[i] = range.Clamp(values[i] + addends[i]);
        }
    }
}
