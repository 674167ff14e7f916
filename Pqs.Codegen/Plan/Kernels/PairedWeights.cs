using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Weights of a fully connected layer of which each four neighbouring channels, from the first on, keep the same two of each four inputs, as
/// <c>pqs_packed_fully_connected_params</c> says.
/// </summary>
/// <param name="Weights">Words of four weights.</param>
/// <param name="Patterns">For each two groups of inputs a byte.</param>
internal sealed record PairedWeights(ImmutableArray<int> Weights, ImmutableArray<int> Patterns)
{
    private const int Channels = 4;

    private const int GroupSize = 4;

    /// <summary>The pairs of positions in a group, by number; those of a second group are numbered on.</summary>
    private static readonly (int First, int Second)[] Pairs = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];

    /// <returns>Null where the channels do not share positions.</returns>
    public static PairedWeights? TryEncode(FullyConnected layer)
    {
        var (weights, patterns) = (new List<int>(), new List<int>());
        for (var channel = 0; channel < layer.OutputChannels; channel += Channels)
        {
            for (var start = 0; start < layer.InputSize; start += 2 * GroupSize)
            {
                var (first, second) = (Find(layer, channel, start), Find(layer, channel, start + GroupSize));
                if (first < 0 || second < 0)
                {
                    return null;
                }

                patterns.Add(first | ((Pairs.Length + second) << 4));
                weights.AddRange(Words(layer, channel, start, Pairs[first]));
                weights.AddRange(Words(layer, channel, start + GroupSize, Pairs[second]));
            }
        }

        return new PairedWeights([.. weights], [.. patterns]);
    }

    /// <summary>The number of a pair of positions outside of which the group's weights are zero; -1 where there is none.</summary>
    private static int Find(FullyConnected layer, int channel, int start)
    {
        int[] used = [.. Enumerable.Range(0, GroupSize).Where(position => Enumerable.Range(channel, Channels).Any(c => Weight(layer, c, start + position) != 0))];
        return Array.FindIndex(Pairs, pair => used.All(position => position == pair.First || position == pair.Second));
    }

    /// <summary>Two channels in each word: the first weight of both, then the second of both.</summary>
    private static IEnumerable<int> Words(FullyConnected layer, int channel, int start, (int First, int Second) pair) =>
        Enumerable.Range(0, Channels / 2).Select(half => Word(
            Weight(layer, channel + (2 * half), start + pair.First),
            Weight(layer, channel + (2 * half) + 1, start + pair.First),
            Weight(layer, channel + (2 * half), start + pair.Second),
            Weight(layer, channel + (2 * half) + 1, start + pair.Second)));

    private static int Word(params ReadOnlySpan<sbyte> weights) =>
        (byte)weights[0] | ((byte)weights[1] << 8) | ((byte)weights[2] << 16) | ((byte)weights[3] << 24);

    /// <summary>0 outside the layer.</summary>
    private static sbyte Weight(FullyConnected layer, int channel, int input) =>
        channel < layer.OutputChannels && input < layer.InputSize ? layer.Weight(channel, input) : (sbyte)0;
}
