using System.Collections.Immutable;
using System.Numerics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Pruned weights of up to eight bits, in groups like those of <see cref="CodedWeights"/>, with the positions apart: a byte with those of 8 / PositionBits weights,
/// then the weights.
/// </summary>
/// <param name="PositionBits">2 or 4.</param>
/// <param name="GroupCodes">Weights of a group: a power of two.</param>
/// <param name="Channels">By channel: its bytes, filled up to whole runs.</param>
internal sealed record WideCodes(int PositionBits, int GroupCodes, ImmutableArray<ImmutableArray<int>> Channels)
{
    /// <summary>Of a kernel's vectors, which hold two groups at least.</summary>
    private const int MaximumGroupCodes = 8;

    /// <summary>What a lane holds.</summary>
    private const int LaneBits = 23;

    /// <summary>Positions of a byte fill it.</summary>
    private static readonly ImmutableArray<int> SizesOfPositions = [2, 4];

    /// <summary>Weights of a channel, those that fill it up included.</summary>
    public int CodesOfChannel => Channels[0].Length / (RunLength + 1) * RunLength;

    private int RunLength => 8 / PositionBits;

    /// <summary>The smaller of both sizes of groups; null where neither is smaller than dense weights or where a channel's sum may have too many bits.</summary>
    public static WideCodes? TryEncode(DotProductOperator dot, TensorRange range)
    {
        var best = SizesOfPositions
            .Select(bits => (Bits: bits, Codes: (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, CodedWeights.MostKept(dot, 1 << bits)))))
            .Where(candidate => candidate.Codes <= Math.Min(MaximumGroupCodes, 1 << (candidate.Bits - 1)))
            .Select(candidate => (candidate.Bits, candidate.Codes, Bytes: Bytes(dot, candidate.Bits, candidate.Codes)))
            .Where(candidate => candidate.Bytes < dot.ProductCount)
            .OrderBy(candidate => candidate.Bytes)
            .FirstOrDefault();
        return best.Codes == 0 || !Fits(dot, range)
            ? null
            : new WideCodes(
                best.Bits, best.Codes, [.. Enumerable.Range(0, dot.OutputChannels).Select(channel => Encode(dot, channel, best.Bits, best.Codes))]);
    }

    /// <summary>True where lanes hold the sum of any channel's products, of the input as it is, with its zero point.</summary>
    public static bool Fits(DotProductOperator dot, TensorRange range)
    {
        var largest = Math.Max(Math.Abs(range.Minimum), Math.Abs(range.Maximum));
        return Enumerable.Range(0, dot.OutputChannels).All(channel =>
            Enumerable.Range(0, dot.ProductCount).Sum(k => (long)Math.Abs((int)dot.Weight(channel, k)) * largest) < 1 << (LaneBits - 1));
    }

    private static int Bytes(DotProductOperator dot, int bits, int groupCodes)
    {
        var run = 8 / bits;
        return ((CodedWeights.Groups(dot, bits) * groupCodes) + run - 1) / run * (run + 1);
    }

    private static ImmutableArray<int> Encode(DotProductOperator dot, int channel, int bits, int groupCodes)
    {
        var codes = Enumerable.Range(0, dot.ProductCount).Chunk(1 << bits).SelectMany(group =>
        {
            var kept = group.Index().Where(entry => dot.Weight(channel, entry.Item) != 0)
                .Select(entry => (Position: entry.Index, Weight: (int)dot.Weight(channel, entry.Item)))
                .ToArray();
            return kept.Concat(Enumerable.Repeat((Position: 0, Weight: 0), groupCodes - kept.Length));
        });
        var run = 8 / bits;
        return
        [
            .. codes.Chunk(run).SelectMany(part => part.Select(code => code.Weight)
                .Concat(Enumerable.Repeat(0, run - part.Length))
                .Prepend((sbyte)part.Index().Sum(entry => entry.Item.Position << (entry.Index * bits)))),
        ];
    }
}
