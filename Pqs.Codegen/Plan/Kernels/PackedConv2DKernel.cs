using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Convolutions of pruned weights, where the exact sum is wanted and the rows of inputs fit into a moderate scratch: by one weight after another, mostly with two
/// pixels in the lanes of one register, or two weights of a pixel at once.
/// </summary>
internal sealed class PackedConv2DKernel : IKernel
{
    private const int MaximumScratchBytes = 48 << 10;

    public IEnumerable<KernelCall> Lower(LayerContext layer)
    {
        if (layer.Node.Operator is not Conv2D conv || ExactSum.Of(layer, conv) is not { } sum || PruningPattern.Detect(conv) == null)
        {
            return [];
        }

        var range = InputRange(layer, conv);
        var inGroups = PackedCodes.OfFewBits(conv, range) is { ScratchBytes: <= MaximumScratchBytes } groups ? groups : null;
        PackedCodes?[] forms =
        [
            inGroups,
            PackedCodes.OfGaps(conv, range, inGroups),
            PackedCodes.OfManyBits(conv, range),
            PackedCodes.OfManyBitsByGaps(conv, range),
            PackedCodes.OfPairs(conv),
        ];
        return forms
            .OfType<PackedCodes>()
            .Where(codes => codes.ScratchBytes <= MaximumScratchBytes)
            .Select(codes => Create(layer, conv, sum, codes));
    }

    /// <summary>Padding is a row's input like any other.</summary>
    private static TensorRange InputRange(LayerContext layer, Conv2D conv)
    {
        var zeroPoint = layer.Input.Quantization.ZeroPoint;
        return conv.Window.IsPadded ? layer.InputRange.Union(new TensorRange(zeroPoint, zeroPoint)) : layer.InputRange;
    }

    private static KernelCall Create(LayerContext layer, Conv2D conv, ExactSum sum, PackedCodes codes)
    {
        var tables = DotProductTables.CreateFolded(conv, sum, layer.Input.Quantization.ZeroPoint) with
        {
            Weights = ConstantTable.Int8("weights", codes.Channels.SelectMany(channel => channel).Concat(codes.Behind)),
        };
        var segments = codes.Segments.All(ofChannel => ofChannel.Length == 1) ? null : ConstantTable.UInt8("segments", codes.Segments.SelectMany(Stored));
        return new KernelCall(
            $"pqs_{codes.Kernel}_{(conv.Rounding == Rounding.Double ? "double" : "single")}",
            "pqs_packed_conv2d_params",
            [
                .. tables.Addresses(),
                .. tables.Saturation(),
                segments != null ? KernelField.TableAddress(segments) : KernelField.NoTable("segments"),
                KernelField.Number("position_bits", codes.PositionBits),
                KernelField.Number("group_codes", codes.GroupCodes),
                KernelField.Number("channel_codes", codes.Channels[0].Length),
                .. ConvolutionFields.Create(layer, conv),
            ],
            [.. tables.Tables(), .. segments != null ? [segments] : ImmutableArray<ConstantTable>.Empty],
            (int)codes.ScratchBytes)
        {
            Work = Work(layer, conv, sum, codes),
        };
    }

    private static KernelWork Work(LayerContext layer, Conv2D conv, ExactSum sum, PackedCodes codes) => DotProductWork.Create(
        codes.Kernel + (codes.IsQuick ? "" : "_any"),
        layer,
        conv,
        sum.Saturates,
        [
            .. Count(conv, codes, codes.Blocks(layer, conv), ""),

            // A core has one kind of blocks. Which, the fit of its costs finds by what they take.
            .. codes.HasSingles ? Count(conv, codes, PackedBlocks.OfSingles(layer, conv), "_of_singles") : [],
            ("limits", sum.Saturates ? conv.OutputChannels : 0),
        ]);

    private static (string Unit, double Count)[] Count(Conv2D conv, PackedCodes codes, PackedBlocks blocks, string suffix) =>
    [
        ("code" + suffix, (double)blocks.Count * codes.Channels.Sum(channel => channel.Length)),
        ("segment" + suffix, (double)blocks.Count * codes.Segments.Sum(lengths => lengths.Length)),
        ("channel" + suffix, (double)blocks.Count * conv.OutputChannels),
        ("flat" + suffix, blocks.Flat),
        ("row" + suffix, blocks.Rows),
        ("tap" + suffix, blocks.Taps),
        ("gathered" + suffix, blocks.Gathered),
        ("moved" + suffix, blocks.Moved),
        ("left" + suffix, blocks.IsLastFull ? 0 : conv.OutputChannels),
    ];

    /// <summary>The number of segments, then the lengths of all but the last.</summary>
    private static IEnumerable<int> Stored(ImmutableArray<int> lengths) => lengths[..^1].Prepend(lengths.Length);
}
