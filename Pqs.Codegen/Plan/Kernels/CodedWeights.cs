using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Pruned weights of few bits (pqs_kernels.h, "Storage of the weights"): of each group of 2^PositionBits weights those that are not zero, each as one byte,
/// weight · 2^PositionBits + position in the group. Groups with fewer than others are filled up with codes of 0, which are weights of 0.
/// </summary>
/// <param name="PositionBits">Logarithm of the size of a group.</param>
/// <param name="GroupCodes">Codes of a group: the most weights that any group keeps, at least 1.</param>
/// <param name="Channels">By channel: its codes, in natural order; a shorter last group has as many as the others.</param>
internal sealed record CodedWeights(int PositionBits, int GroupCodes, ImmutableArray<ImmutableArray<sbyte>> Channels)
{
    private const int MinimumPositionBits = 1;

    /// <summary>Groups of up to 32 weights, which leaves weights of three bits.</summary>
    private const int MaximumPositionBits = 5;

    /// <summary>All codes, channel after channel.</summary>
    public IEnumerable<int> All() => Channels.SelectMany(channel => channel.Select(code => (int)code));

    /// <summary>The smallest of all sizes of groups, of equals the one with the smallest groups; null where the weights have too many bits.</summary>
    public static CodedWeights? TryEncode(DotProductOperator dot)
    {
        var best = Enumerable.Range(MinimumPositionBits, MaximumPositionBits)
            .Where(bits => dot.Weights.All(weight => Fits(weight, bits)))
            .Select(bits => (Bits: bits, Codes: Math.Max(1, MostKept(dot, 1 << bits))))
            .OrderBy(candidate => (long)Groups(dot, candidate.Bits) * candidate.Codes)
            .ThenBy(candidate => candidate.Bits)
            .FirstOrDefault();
        return best.Codes == 0
            ? null
            : new CodedWeights(best.Bits, best.Codes, [.. Enumerable.Range(0, dot.OutputChannels).Select(channel => Encode(dot, channel, best.Bits, best.Codes))]);
    }

    /// <summary>Groups of a channel, of which the last may be shorter.</summary>
    public static int Groups(DotProductOperator dot, int bits) => (dot.ProductCount + (1 << bits) - 1) >> bits;

    /// <summary>The most weights that a group of any channel keeps.</summary>
    public static int MostKept(DotProductOperator dot, int size) => Enumerable.Range(0, dot.OutputChannels)
        .Max(channel => Enumerable.Range(0, dot.ProductCount).Chunk(size).Max(group => group.Count(k => dot.Weight(channel, k) != 0)));

    /// <summary>Whether a byte holds a weight beside so many bits of a position.</summary>
    public static bool Fits(sbyte weight, int bits) => weight << bits is >= sbyte.MinValue and <= sbyte.MaxValue;

    private static ImmutableArray<sbyte> Encode(DotProductOperator dot, int channel, int bits, int groupCodes)
    {
        var codes = ImmutableArray.CreateBuilder<sbyte>(Groups(dot, bits) * groupCodes);
        foreach (var group in Enumerable.Range(0, dot.ProductCount).Chunk(1 << bits))
        {
            var kept = group.Index().Where(entry => dot.Weight(channel, entry.Item) != 0)
                .Select(entry => (sbyte)((dot.Weight(channel, entry.Item) << bits) + entry.Index))
                .ToArray();
            codes.AddRange(kept);
            codes.AddRange(Enumerable.Repeat((sbyte)0, groupCodes - kept.Length));
        }

        return codes.MoveToImmutable();
    }
}
