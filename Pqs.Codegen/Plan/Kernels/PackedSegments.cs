using System.Collections.Immutable;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Cuts a channel's weights into segments: for any input in its range, the sum of a segment's products, w · x without the input's zero point, fits int16.
/// </summary>
internal static class PackedSegments
{
    /// <summary>Lengths are stored in bytes.</summary>
    private const int MaximumLength = byte.MaxValue;

    /// <param name="weights">A channel's weights in the order in which they are added.</param>
    /// <param name="step">Weights that a segment cannot be cut between.</param>
    /// <param name="range">The input's quantized values, padding included.</param>
    /// <returns>Length of each segment in steps, at least one; null where a single step does not fit.</returns>
    public static ImmutableArray<int>? Cut(IEnumerable<int> weights, int step, TensorRange range)
    {
        var lengths = ImmutableArray.CreateBuilder<int>();
        var (length, minimum, maximum) = (0, 0, 0);
        foreach (var part in weights.Chunk(step))
        {
            var least = part.Sum(weight => Math.Min(weight * range.Minimum, weight * range.Maximum));
            var greatest = part.Sum(weight => Math.Max(weight * range.Minimum, weight * range.Maximum));
            if (!Fits(least, greatest))
            {
                return null;
            }

            if (length == MaximumLength || !Fits(minimum + least, maximum + greatest))
            {
                lengths.Add(length);
                (length, minimum, maximum) = (0, 0, 0);
            }

            (length, minimum, maximum) = (length + 1, minimum + least, maximum + greatest);
        }

        lengths.Add(length);
        return lengths.ToImmutable();
    }

    private static bool Fits(int minimum, int maximum) => minimum >= short.MinValue && maximum <= short.MaxValue;
}
