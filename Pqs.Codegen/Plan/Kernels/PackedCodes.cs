using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>A convolution's weights as one of the packed kernels reads them.</summary>
/// <param name="Kernel">The kernel's, without the library's prefix and without its rounding.</param>
/// <param name="PositionBits">Logarithm of the size of a group.</param>
/// <param name="GroupCodes">Codes of a group.</param>
/// <param name="Channels">By channel: its bytes, all equally many.</param>
/// <param name="Segments">By channel: the lengths of its segments; empty for a kernel without.</param>
/// <param name="IsQuick">Whether the groups are those that the kernel has a loop of their own for.</param>
/// <param name="BlockPixels">Pixels that the kernel computes at once.</param>
/// <param name="ScratchBytes">What it works in.</param>
internal sealed record PackedCodes(
    string Kernel,
    int PositionBits,
    int GroupCodes,
    ImmutableArray<ImmutableArray<int>> Channels,
    ImmutableArray<ImmutableArray<int>> Segments,
    bool IsQuick,
    int BlockPixels,
    long ScratchBytes)
{
    /// <summary>Pixels of a block, but for the kernel of pairs.</summary>
    private const int Pixels = 16;

    private const int RowBytes = sizeof(short) * Pixels;

    /// <summary>Scratch for sums, pixels, and what aligns the rows.</summary>
    private const int FixedBytes = 292;

    /// <summary>Pixels of a block of pairs.</summary>
    private const int PairsPixels = 8;

    /// <summary>Room for eight pairs of four inputs, each of 16 bits.</summary>
    private const int PairsRowBytes = 2 * 2 * sizeof(short) * PairsPixels;

    /// <summary>Scratch for pixels, and what aligns the pairs.</summary>
    private const int PairsFixedBytes = 436;

    /// <summary>Codes that the quick loops take at once.</summary>
    private const int QuickStep = 4;

    /// <summary>Larger groups have no loop.</summary>
    private const int MaximumPositionBits = 4;

    /// <summary>The number of segments is stored in a byte.</summary>
    private const int MaximumSegments = byte.MaxValue;

    /// <summary>A word of weight and position for each code, in lanes of 16 bits.</summary>
    public static PackedCodes? OfFewBits(DotProductOperator dot, TensorRange range)
    {
        if (CodedWeights.TryEncode(dot) is not { PositionBits: <= MaximumPositionBits } coded)
        {
            return null;
        }

        // The quick loops are for groups of four with one or two codes; the others take group after group.
        var isQuick = coded is { PositionBits: 2, GroupCodes: <= 2 };
        var step = isQuick ? QuickStep : coded.GroupCodes;
        var channels = coded.Channels.Select(channel => Fill(channel, step)).ToImmutableArray();
        var segments = channels.Select(channel => PackedSegments.Cut(channel.Select(code => code >> coded.PositionBits), step, range)).ToArray();
        var inputs = channels[0].Length / coded.GroupCodes << coded.PositionBits;
        return segments.All(lengths => lengths is { Length: <= MaximumSegments })
            ? new PackedCodes(
                "conv2d_packed",
                coded.PositionBits,
                coded.GroupCodes,
                channels,
                [.. segments.Select(lengths => lengths!.Value)],
                isQuick,
                Pixels,
                Scratch(inputs))
            : null;
    }

    /// <summary>Weights and positions apart, in lanes of 23 bits.</summary>
    public static PackedCodes? OfManyBits(DotProductOperator dot, TensorRange range) => WideCodes.TryEncode(dot, range) is { } wide
        ? new PackedCodes(
            "conv2d_packed_wide",
            wide.PositionBits,
            wide.GroupCodes,
            wide.Channels,
            [],
            wide.PositionBits == 2,
            Pixels,
            Scratch((wide.CodesOfChannel + wide.GroupCodes - 1) / wide.GroupCodes << wide.PositionBits))
        : null;

    /// <summary>Words of the weights of two groups, each of two weights.</summary>
    public static PackedCodes? OfPairs(Conv2D conv) => PairedCodes.TryEncode(conv) is { } paired
        ? new PackedCodes(
            "conv2d_pairs",
            PositionBits: 2,
            GroupCodes: 2,
            [.. paired.Channels.Select(channel => channel.SelectMany(Bytes).ToImmutableArray())],
            [],
            IsQuick: true,
            PairsPixels,
            ((long)PairsRowBytes * paired.Inputs) + conv.InputChannels + PairsFixedBytes)
        : null;

    private static long Scratch(int inputs) => ((long)RowBytes * inputs) + FixedBytes;

    /// <summary>From bit 0 on.</summary>
    private static IEnumerable<int> Bytes(int word) => Enumerable.Range(0, sizeof(int)).Select(index => (int)(sbyte)(word >> (8 * index)));

    private static ImmutableArray<int> Fill(ImmutableArray<sbyte> codes, int step) =>
        [.. codes.Select(code => (int)code), .. Enumerable.Repeat(0, (step - (codes.Length % step)) % step)];
}
