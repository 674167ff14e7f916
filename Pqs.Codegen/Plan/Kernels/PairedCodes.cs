using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Weights of up to six bits of a convolution that keeps two of each four inputs (pqs_kernels.h, "Codes", the kernels named <c>_pairs</c>): words of two groups.
/// </summary>
/// <param name="Channels">By channel: its words, filled up to whole steps.</param>
internal sealed record PairedCodes(ImmutableArray<ImmutableArray<int>> Channels)
{
    private const int GroupSize = PairOfPositions.GroupSize;

    /// <summary>Groups that the kernel takes at once: two words.</summary>
    private const int StepGroups = 4;

    /// <summary>Bits of a weight.</summary>
    private const int WeightBits = 6;

    /// <summary>Sums are multiples of 2^10 in 32 bits, and an input is at least -128: so the weights of a channel must add up to less.</summary>
    private const int MaximumMagnitude = (1 << 14) - 1;

    /// <summary>Marks the last word of a channel.</summary>
    private const int Last = 1 << 3;

    /// <summary>Where a word has the number of each group's pair, and its first weight; the second one is 16 bits above.</summary>
    private static readonly ImmutableArray<(int Number, int Weight)> Places = [(0, 10), (16, 4)];

    /// <summary>Null for a layer that has other weights, and for one whose groups of inputs are not of one pixel.</summary>
    public static PairedCodes? TryEncode(Conv2D conv) =>
        conv.InputChannels % GroupSize == 0
        && conv.Weights.All(weight => weight is >= -(1 << (WeightBits - 1)) and < 1 << (WeightBits - 1))
        && Enumerable.Range(0, conv.OutputChannels).All(channel => Magnitude(conv, channel) <= MaximumMagnitude)
        && CodedWeights.MostKept(conv, GroupSize) <= 2
            ? new PairedCodes([.. Enumerable.Range(0, conv.OutputChannels).Select(channel => Encode(conv, channel))])
            : null;

    /// <summary>Inputs that a channel's words cover.</summary>
    public int Inputs => Channels[0].Length * Places.Length * GroupSize;

    private static int Magnitude(Conv2D conv, int channel) => Enumerable.Range(0, conv.ProductCount).Sum(k => Math.Abs((int)conv.Weight(channel, k)));

    private static ImmutableArray<int> Encode(Conv2D conv, int channel)
    {
        var steps = (conv.ProductCount + (StepGroups * GroupSize) - 1) / (StepGroups * GroupSize);
        var words = new int[steps * StepGroups / Places.Length];
        for (var group = 0; group < conv.ProductCount / GroupSize; group++)
        {
            var start = group * GroupSize;
            var pair = PairOfPositions.Holding([.. Enumerable.Range(0, GroupSize).Where(position => conv.Weight(channel, start + position) != 0)])!.Value;
            var (number, weight) = Places[group % Places.Length];
            words[group / Places.Length] |= pair.Number << number
                | Bits(conv.Weight(channel, start + pair.First)) << weight
                | Bits(conv.Weight(channel, start + pair.Second)) << (weight + 16);
        }

        words[^1] |= Last;
        return [.. words];
    }

    private static int Bits(sbyte weight) => weight & ((1 << WeightBits) - 1);
}
