using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>A convolution's weights as one of the packed kernels reads them.</summary>
/// <param name="Kernel">The kernel's, without the library's prefix and without its rounding.</param>
/// <param name="PositionBits">Logarithm of the size of a group, or bits of a gap.</param>
/// <param name="GroupCodes">Codes of a group.</param>
/// <param name="Channels">By channel: its bytes, all equally many.</param>
/// <param name="Segments">By channel: the lengths of its segments; empty for a kernel without.</param>
/// <param name="IsQuick">Whether the groups are those that the kernel has a loop of their own for.</param>
/// <param name="Blocks">How the kernel goes through a layer's pixels.</param>
/// <param name="ScratchBytes">What it works in.</param>
internal sealed record PackedCodes(
    string Kernel,
    int PositionBits,
    int GroupCodes,
    ImmutableArray<ImmutableArray<int>> Channels,
    ImmutableArray<ImmutableArray<int>> Segments,
    bool IsQuick,
    Func<LayerContext, Conv2D, PackedBlocks> Blocks,
    long ScratchBytes)
{
    private const int RowBytes = sizeof(short) * PackedBlocks.LanePixels;

    /// <summary>Scratch for sums, pixels, and what aligns the rows.</summary>
    private const int FixedBytes = 292;

    /// <summary>Room for eight pairs of four inputs, each of 16 bits.</summary>
    private const int PairsRowBytes = 2 * 2 * sizeof(short) * PackedBlocks.PairsPixels;

    /// <summary>Scratch for pixels, and what aligns the pairs.</summary>
    private const int PairsFixedBytes = 436;

    /// <summary>Codes that the quick loops take at once.</summary>
    private const int QuickStep = 4;

    /// <summary>Larger groups have no loop.</summary>
    private const int MaximumPositionBits = 4;

    /// <summary>The number of segments is stored in a byte.</summary>
    private const int MaximumSegments = byte.MaxValue;

    /// <summary>Whether cores without long products go through the pixels in blocks of <see cref="PackedBlocks.OfSingles"/>.</summary>
    public bool HasSingles { get; init; }

    /// <summary>Bytes behind those of the last channel, which the kernel loads and does not use.</summary>
    public ImmutableArray<int> Behind { get; init; } = [];

    /// <summary>A byte of weight and position for each code, in lanes of 16 bits.</summary>
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
                PackedBlocks.OfLanes,
                Scratch(inputs))
            : null;
    }

    /// <summary>The same with the zeros before a weight instead of its position, where that makes fewer codes.</summary>
    public static PackedCodes? OfGaps(DotProductOperator dot, TensorRange range, PackedCodes? inGroups)
    {
        if (GapCodes.OfFewBits(dot) is not { } gaps || (inGroups is { IsQuick: true } && inGroups.Channels[0].Length <= gaps.Codes))
        {
            return null;
        }

        var segments = gaps.Channels.Select(channel => PackedSegments.Cut(channel.Select(code => code >> gaps.GapBits), GapCodes.Step, range)).ToArray();
        return segments.All(lengths => lengths is { Length: <= MaximumSegments })
            ? new PackedCodes(
                "conv2d_packed_gaps",
                gaps.GapBits,
                GroupCodes: 1,
                gaps.Channels,
                [.. segments.Select(lengths => lengths!.Value)],
                IsQuick: true,
                PackedBlocks.OfLanes,
                Scratch(dot.ProductCount))
            : null;
    }

    /// <summary>Weights and positions apart, in lanes of 23 bits, or pixel by pixel.</summary>
    public static PackedCodes? OfManyBits(DotProductOperator dot, TensorRange range) => WideCodes.TryEncode(dot, range) is { } wide
        ? new PackedCodes(
            "conv2d_packed_wide",
            wide.PositionBits,
            wide.GroupCodes,
            wide.Channels,
            [],
            wide.PositionBits == 2,
            PackedBlocks.OfLanes,
            Scratch((wide.CodesOfChannel + wide.GroupCodes - 1) / wide.GroupCodes << wide.PositionBits))
        {
            HasSingles = true,
        }
        : null;

    /// <summary>The same with the zeros before a weight instead of its position.</summary>
    public static PackedCodes? OfManyBitsByGaps(DotProductOperator dot, TensorRange range) => GapCodes.OfManyBits(dot, range) is { } gaps
        ? new PackedCodes(
            "conv2d_packed_wide_gaps",
            gaps.GapBits,
            GroupCodes: 1,
            gaps.Channels,
            [],
            IsQuick: true,
            PackedBlocks.OfLanes,
            Scratch(dot.ProductCount))
        {
            HasSingles = true,
        }
        : null;

    /// <summary>Two weights of a pixel at once.</summary>
    public static PackedCodes? OfPairs(Conv2D conv) => PairedCodes.OfFewBits(conv) is { } few
        ? OfPairs(conv, "conv2d_pairs", few, [])
        : PairedCodes.OfManyBits(conv) is { } many ? OfPairs(conv, "conv2d_pairs_wide", many, [0]) : null;

    private static PackedCodes OfPairs(Conv2D conv, string kernel, PairedCodes paired, ImmutableArray<int> behind) => new(
        kernel,
        PositionBits: 2,
        GroupCodes: 2,
        paired.Channels,
        [],
        IsQuick: true,
        PackedBlocks.OfPairs,
        ((long)PairsRowBytes * paired.Inputs) + conv.InputChannels + PairsFixedBytes)
    {
        Behind = behind,
    };

    private static long Scratch(int inputs) => ((long)RowBytes * inputs) + FixedBytes;

    private static ImmutableArray<int> Fill(ImmutableArray<sbyte> codes, int step) =>
        [.. codes.Select(code => (int)code), .. Enumerable.Repeat(0, (step - (codes.Length % step)) % step)];
}
