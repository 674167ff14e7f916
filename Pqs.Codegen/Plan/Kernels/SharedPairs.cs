using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// The positions of weights of a fully connected layer of which neighbouring channels, from the first on, keep the same two of each four inputs: what the
/// storages of <c>pqs_packed_fully_connected_params</c> have in common.
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Sharing">Channels that share positions: four or two.</param>
/// <param name="Numbers">
/// For each channels that share positions, as many as four channels at a time have, and each group of inputs, of which there is an even number: the number of
/// the pair of positions, 0..5.
/// </param>
internal sealed record SharedPairs(FullyConnected Layer, int Sharing, ImmutableArray<ImmutableArray<int>> Numbers)
{
    /// <summary>Channels that kernels compute at once.</summary>
    public const int Channels = 4;

    private const int GroupSize = PairOfPositions.GroupSize;

    /// <summary>Numbers of channels that share positions for which there are kernels, the most first.</summary>
    private static readonly ImmutableArray<int> Sharings = [4, 2];

    /// <returns>
    /// As many channels share positions as there can be; null where no two do. Any two channels that keep one of four inputs have a pair in common, and would be
    /// stored with twice the weights that there are; four have one only where they were pruned so.
    /// </returns>
    public static SharedPairs? Find(FullyConnected layer) => Sharings
        .Where(sharing => sharing != 2 || CodedWeights.MostKept(layer, GroupSize) == 2)
        .Select(sharing => Find(layer, sharing)).FirstOrDefault(pairs => pairs != null);

    /// <summary>The weight of a channel at the first or second position of a group; 0 outside the layer.</summary>
    public sbyte Weight(int channel, int group, int index)
    {
        var pair = PairOfPositions.OfNumber(Numbers[channel / Sharing][group]);
        return Weight(Layer, channel, (group * GroupSize) + (index == 0 ? pair.First : pair.Second));
    }

    private static SharedPairs? Find(FullyConnected layer, int sharing)
    {
        var numbers = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        var channels = (layer.OutputChannels + Channels - 1) / Channels * Channels;
        for (var channel = 0; channel < channels; channel += sharing)
        {
            int[] row =
            [
                .. Enumerable.Range(0, (layer.InputSize + (2 * GroupSize) - 1) / (2 * GroupSize) * 2)
                    .Select(group => FindNumber(layer, channel, sharing, group * GroupSize)),
            ];
            if (row.Contains(-1))
            {
                return null;
            }

            numbers.Add([.. row]);
        }

        return new SharedPairs(layer, sharing, numbers.ToImmutable());
    }

    /// <summary>The number of a pair of positions outside of which the group's weights are zero; -1 where there is none.</summary>
    private static int FindNumber(FullyConnected layer, int channel, int sharing, int start)
    {
        int[] used = [.. Enumerable.Range(0, GroupSize).Where(position => Enumerable.Range(channel, sharing).Any(c => Weight(layer, c, start + position) != 0))];
        return PairOfPositions.Holding(used)?.Number ?? -1;
    }

    private static sbyte Weight(FullyConnected layer, int channel, int input) =>
        channel < layer.OutputChannels && input < layer.InputSize ? layer.Weight(channel, input) : (sbyte)0;
}
