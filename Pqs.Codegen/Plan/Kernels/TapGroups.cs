using System.Numerics;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>A form of <see cref="PackedTaps"/>.</summary>
/// <param name="Taps">Of a group; a channel's last one may have fewer.</param>
/// <param name="Weights">Stored of each group, or all where it has no more.</param>
/// <param name="PositionBits">Of a stored weight's position; 0: a bit for each tap but the last.</param>
/// <param name="WeightBits">Of a stored weight.</param>
internal sealed record TapGroups(int Taps, int Weights, int PositionBits, int WeightBits)
{
    /// <summary>At least so many bits are in two bytes from any bit on.</summary>
    private const int MaximumMaskBits = 8;

    /// <summary>Both ways of writing positions, the bits of taps first.</summary>
    public static IEnumerable<TapGroups> Of(DotProductOperator dot, int taps, int weightBits)
    {
        var weights = Math.Max(1, CodedWeights.MostKept(dot, taps));
        var positions = new TapGroups(taps, weights, BitOperations.Log2((uint)(taps - 1)) + 1, weightBits);
        return taps - 1 <= MaximumMaskBits ? [positions with { PositionBits = 0 }, positions] : [positions];
    }

    /// <summary>Bits of a channel with so many taps.</summary>
    public int BitsOf(int kernelTaps) => Enumerable.Range(0, kernelTaps).Chunk(Taps).Sum(group =>
    {
        var stored = Math.Min(Weights, group.Length);
        return (stored * WeightBits) + (stored == group.Length ? 0 : PositionBits == 0 ? group.Length - 1 : stored * PositionBits);
    });

    /// <summary>A channel's bits in their order.</summary>
    public IEnumerable<bool> Encode(DotProductOperator dot, int channel) => Enumerable.Range(0, dot.ProductCount)
        .Select(tap => (int)dot.Weight(channel, tap)).Chunk(Taps).SelectMany(Encode);

    private IEnumerable<bool> Encode(int[] group)
    {
        var stored = Math.Min(Weights, group.Length);
        var taps = group.Index().OrderBy(entry => entry.Item == 0).Take(stored).Select(entry => entry.Index).Order().ToArray();
        var positions = stored == group.Length ? []
            : PositionBits == 0 ? Enumerable.Range(0, group.Length - 1).Select(tap => taps.Contains(tap))
            : taps.SelectMany(tap => Bits(tap, PositionBits));
        return positions.Concat(taps.SelectMany(tap => Bits(group[tap], WeightBits)));
    }

    private static IEnumerable<bool> Bits(int value, int count) => Enumerable.Range(0, count).Select(bit => (value >> bit & 1) != 0);
}
