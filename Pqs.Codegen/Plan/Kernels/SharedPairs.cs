using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// The positions of weights of a fully connected layer of which each four neighbouring channels, from the first on, keep the same two of each four inputs: what
/// the storages of <c>pqs_packed_fully_connected_params</c> have in common.
/// </summary>
/// <param name="Layer">The layer.</param>
/// <param name="Numbers">For each four channels and each group of inputs, of which there is an even number: the number of the pair of positions, 0..5.</param>
internal sealed record SharedPairs(FullyConnected Layer, ImmutableArray<ImmutableArray<int>> Numbers)
{
    /// <summary>Channels that share positions.</summary>
    public const int Channels = 4;

    private const int GroupSize = PairOfPositions.GroupSize;

    /// <returns>Null where the channels do not share positions.</returns>
    public static SharedPairs? Find(FullyConnected layer)
    {
        var numbers = ImmutableArray.CreateBuilder<ImmutableArray<int>>();
        for (var channel = 0; channel < layer.OutputChannels; channel += Channels)
        {
            int[] row = [.. Enumerable.Range(0, (layer.InputSize + (2 * GroupSize) - 1) / (2 * GroupSize) * 2).Select(group => Find(layer, channel, group * GroupSize))];
            if (row.Contains(-1))
            {
                return null;
            }

            numbers.Add([.. row]);
        }

        return new SharedPairs(layer, numbers.ToImmutable());
    }

    /// <summary>The weight of a channel at the first or second position of a group; 0 outside the layer.</summary>
    public sbyte Weight(int channel, int group, int index)
    {
        var pair = PairOfPositions.OfNumber(Numbers[channel / Channels][group]);
        return Weight(Layer, channel, (group * GroupSize) + (index == 0 ? pair.First : pair.Second));
    }

    /// <summary>The number of a pair of positions outside of which the group's weights are zero; -1 where there is none.</summary>
    private static int Find(FullyConnected layer, int channel, int start)
    {
        int[] used = [.. Enumerable.Range(0, GroupSize).Where(position => Enumerable.Range(channel, Channels).Any(c => Weight(layer, c, start + position) != 0))];
        return PairOfPositions.Holding(used)?.Number ?? -1;
    }

    private static sbyte Weight(FullyConnected layer, int channel, int input) =>
        channel < layer.OutputChannels && input < layer.InputSize ? layer.Weight(channel, input) : (sbyte)0;
}
