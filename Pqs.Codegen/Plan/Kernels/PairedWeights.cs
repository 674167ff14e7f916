using System.Buffers.Binary;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Weights that are two of each four, mostly at positions that channels share, and numbers of these positions, in the storages that
/// <c>pqs_packed_fully_connected_params</c> says.
/// </summary>
/// <param name="Kernel">Name of the storage's kernel in cost tables.</param>
/// <param name="Weights">Words of four weights.</param>
/// <param name="Patterns">Null where they are among the weights.</param>
internal sealed record PairedWeights(string Kernel, ConstantTable Weights, ConstantTable? Patterns)
{
    /// <summary>Groups whose patterns are in one word of <see cref="Quads"/>, and inputs of four channels in <see cref="Rows"/> before the next channel's.</summary>
    private const int BlockGroups = 8;

    /// <summary>Weights of <see cref="Quads"/> are stored plus 128: the sign's bit is flipped.</summary>
    private const byte Sign = 0x80;

    /// <summary>The first position of a group, and the second.</summary>
    private static readonly int[] Both = [0, 1];

    /// <summary>
    /// Half-words of two channels' weights a and b, a + 256 * b. Null where a half-word's sums need more than 32 bits, which is for b = -128.
    /// </summary>
    public static PairedWeights? Halves(SharedPairs pairs)
    {
        var words = new List<int>();
        foreach (var (channel, groups) in FourChannels(pairs))
        {
            foreach (var group in groups)
            {
                for (var first = channel; first < channel + SharedPairs.Channels; first += 2)
                {
                    if (pairs.Weight(first + 1, group, 0) == sbyte.MinValue || pairs.Weight(first + 1, group, 1) == sbyte.MinValue)
                    {
                        return null;
                    }

                    int Half(int index) => pairs.Weight(first, group, index) + (256 * pairs.Weight(first + 1, group, index));
                    words.Add((Half(0) & 0xFFFF) | (Half(1) << 16));
                }
            }
        }

        return new PairedWeights(
            "fully_connected_packed" + Suffix(pairs),
            ConstantTable.Int32("weights", words),
            PatternTable(pairs, 2, Pattern));
    }

    /// <summary>
    /// Words of the weights of four channels, each plus 128. Before those of eight groups is the word of their patterns. Null where not all four channels share
    /// an input.
    /// </summary>
    public static PairedWeights? Quads(SharedPairs pairs)
    {
        if (pairs.Sharing != SharedPairs.Channels)
        {
            return null;
        }

        var words = new List<int>();
        foreach (var (channel, groups) in FourChannels(pairs))
        {
            foreach (var block in groups.Chunk(BlockGroups))
            {
                words.Add(Word([.. block.Chunk(2).Select(two => (byte)Pattern([.. two.Select(group => pairs.Numbers[channel / SharedPairs.Channels][group])]))]));
                words.AddRange(block.SelectMany(group => Both.Select(index => Word(
                    [.. Enumerable.Range(channel, SharedPairs.Channels).Select(c => (byte)((byte)pairs.Weight(c, group, index) ^ Sign))]))));
            }
        }

        return new PairedWeights("fully_connected_packed_quads", ConstantTable.Int32("weights", words), null);
    }

    /// <summary>Four rows of weights, one of each channel, for each eight groups.</summary>
    public static PairedWeights Rows(SharedPairs pairs)
    {
        var bytes = new List<byte>();
        foreach (var (channel, groups) in FourChannels(pairs))
        {
            foreach (var block in groups.Chunk(BlockGroups))
            {
                bytes.AddRange(Enumerable.Range(channel, SharedPairs.Channels).SelectMany(c => block.SelectMany(group => Both.Select(index => (byte)pairs.Weight(c, group, index)))));
            }
        }

        return new PairedWeights(
            "fully_connected_packed_rows" + Suffix(pairs),
            ConstantTable.Int32("weights", bytes.Chunk(sizeof(int)).Select(word => Word(word))),
            PatternTable(pairs, BlockGroups, two => two[0] + (PairOfPositions.Count * two[1])));
    }

    /// <summary>
    /// Words of two groups of a channel that shares positions with none. Null where groups keep more than two weights, or where weights or sums have too many bits.
    /// </summary>
    public static PairedWeights? Words(FullyConnected connected)
    {
        if (PairedCodes.WordsOf(connected) is not { } words)
        {
            return null;
        }

        // The pairs of two groups are side by side, so the second's are numbered on.
        return new PairedWeights("fully_connected_pairs", ConstantTable.Int32("weights", words.Select(word => word + (PairOfPositions.Count << 16))), null);
    }

    private static IEnumerable<(int Channel, IEnumerable<int> Groups)> FourChannels(SharedPairs pairs) =>
        pairs.Numbers.Where((_, index) => index * pairs.Sharing % SharedPairs.Channels == 0)
            .Select((row, four) => (four * SharedPairs.Channels, Enumerable.Range(0, row.Length)));

    private static string Suffix(SharedPairs pairs) => pairs.Sharing == SharedPairs.Channels ? "" : $"_by{pairs.Sharing}";

    /// <summary>For each four channels and each so many groups, the patterns of the channels that share positions, one after another.</summary>
    private static ConstantTable PatternTable(SharedPairs pairs, int groups, Func<int[], int> pattern) => ConstantTable.UInt8(
        "patterns",
        from four in pairs.Numbers.Chunk(SharedPairs.Channels / pairs.Sharing)
        from start in Enumerable.Range(0, (four[0].Length + groups - 1) / groups)
        from row in four
        from two in row.Skip(start * groups).Take(groups).Chunk(2)
        select pattern(two));

    /// <summary>The numbers of two groups' positions; the second's are numbered on.</summary>
    private static int Pattern(int[] two) => two[0] | ((PairOfPositions.Count + two[1]) << 4);

    /// <summary>Missing bytes are 0.</summary>
    private static int Word(ReadOnlySpan<byte> bytes)
    {
        Span<byte> word = stackalloc byte[sizeof(int)];
        bytes.CopyTo(word);
        return BinaryPrimitives.ReadInt32LittleEndian(word);
    }
}
