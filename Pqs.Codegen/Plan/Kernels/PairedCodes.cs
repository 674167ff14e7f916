using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Weights of a layer that keeps two of each four inputs, in the storages of the kernels named <c>_pairs</c> and <c>_pairs_wide</c> (pqs_kernels.h, "Codes").
/// </summary>
/// <param name="Channels">By channel: its bytes, filled up to whole steps.</param>
/// <param name="Inputs">Inputs that a channel's bytes cover, those that fill it up included.</param>
internal sealed record PairedCodes(ImmutableArray<ImmutableArray<int>> Channels, int Inputs)
{
    private const int GroupSize = PairOfPositions.GroupSize;

    /// <summary>Groups that the kernels take at once.</summary>
    private const int StepGroups = 4;

    /// <summary>Bits of the weights of <see cref="OfFewBits"/>.</summary>
    private const int FewBits = 6;

    /// <summary>Sums of few bits are multiples of 2^10 in 32 bits, and an input is at least -128: so the weights of a channel must add up to less.</summary>
    private const int MaximumMagnitude = (1 << 14) - 1;

    /// <summary>Marks the last word of a channel.</summary>
    private const int LastWord = 1 << 3;

    /// <summary>Marks the last numbers of a channel.</summary>
    private const int LastNumbers = 1 << 15;

    private const int NumberBits = 3;

    /// <summary>Where a word of few bits has the number of each group's pair, and its first weight; the second one is 16 bits above.</summary>
    private static readonly ImmutableArray<(int Number, int Weight)> Places = [(0, 10), (16, 4)];

    /// <summary>Words of two groups. Null for a layer that has other weights, and for one whose groups of inputs are not of one pixel.</summary>
    public static PairedCodes? OfFewBits(Conv2D conv) => AreFewBits(conv) ? TryEncode(conv, StepOfFewBits) : null;

    /// <summary>Steps of the numbers of four groups' pairs, and two words of their weights. Null where groups keep more, or are not of one pixel.</summary>
    public static PairedCodes? OfManyBits(Conv2D conv) => TryEncode(conv, StepOfManyBits);

    /// <summary>
    /// The words of <see cref="OfFewBits"/> alone, without marks and not filled up to steps: as many for each channel as it has pairs of groups, of which the last may be
    /// shorter. Null for a layer that has other weights, or keeps but one of each four, which takes half the flash as codes.
    /// </summary>
    public static ImmutableArray<int>? WordsOf(FullyConnected connected) => !AreFewBits(connected) || CodedWeights.MostKept(connected, GroupSize) != 2
        ? null
        : [
            .. from channel in Enumerable.Range(0, connected.OutputChannels)
               from two in Enumerable.Range(0, (connected.ProductCount + (2 * GroupSize) - 1) / (2 * GroupSize))
               select Word([Group.Of(connected, channel, 2 * two), Group.Of(connected, channel, (2 * two) + 1)]),
        ];

    private static bool AreFewBits(DotProductOperator dot) =>
        dot.Weights.All(weight => weight is >= -(1 << (FewBits - 1)) and < 1 << (FewBits - 1))
        && Enumerable.Range(0, dot.OutputChannels).All(channel => Magnitude(dot, channel) <= MaximumMagnitude);

    private static int Magnitude(DotProductOperator dot, int channel) => Enumerable.Range(0, dot.ProductCount).Sum(k => Math.Abs((int)dot.Weight(channel, k)));

    private static PairedCodes? TryEncode(Conv2D conv, Func<Group[], bool, IEnumerable<int>> encode)
    {
        if (conv.InputChannels % GroupSize != 0 || CodedWeights.MostKept(conv, GroupSize) > 2)
        {
            return null;
        }

        var steps = (conv.ProductCount + (StepGroups * GroupSize) - 1) / (StepGroups * GroupSize);
        return new PairedCodes(
            [
                .. Enumerable.Range(0, conv.OutputChannels).Select(channel => Enumerable.Range(0, steps)
                    .SelectMany(step => encode([.. Enumerable.Range(step * StepGroups, StepGroups).Select(group => Group.Of(conv, channel, group))], step == steps - 1))
                    .ToImmutableArray()),
            ],
            steps * StepGroups * GroupSize);
    }

    private static IEnumerable<int> StepOfFewBits(Group[] groups, bool isLast)
    {
        var words = groups.Chunk(Places.Length).Select(Word).ToArray();
        words[^1] |= isLast ? LastWord : 0;
        return words.SelectMany(word => Enumerable.Range(0, sizeof(int)).Select(index => (int)(sbyte)(word >> (8 * index))));
    }

    private static int Word(Group[] two) => two.Zip(Places).Sum(entry =>
        entry.First.Pair << entry.Second.Number | Bits(entry.First.First) << entry.Second.Weight | Bits(entry.First.Second) << (entry.Second.Weight + 16));

    private static IEnumerable<int> StepOfManyBits(Group[] groups, bool isLast)
    {
        var numbers = groups.Select((group, index) => group.Pair << (NumberBits * index)).Sum() | (isLast ? LastNumbers : 0);
        return [(sbyte)numbers, (sbyte)(numbers >> 8), .. groups.Chunk(2).SelectMany(two => (int[])[two[0].First, two[1].First, two[0].Second, two[1].Second])];
    }

    private static int Bits(sbyte weight) => weight & ((1 << FewBits) - 1);

    /// <summary>The weights of a group that are not zero, at a pair of positions; all zero behind a channel's last.</summary>
    private readonly record struct Group(int Pair, sbyte First, sbyte Second)
    {
        public static Group Of(DotProductOperator dot, int channel, int group)
        {
            var start = group * GroupSize;
            var pair = PairOfPositions.Holding([.. Enumerable.Range(0, GroupSize).Where(position => Weight(position) != 0)])!.Value;
            return new Group(pair.Number, Weight(pair.First), Weight(pair.Second));

            sbyte Weight(int position) => start + position < dot.ProductCount ? dot.Weight(channel, start + position) : (sbyte)0;
        }
    }
}
