using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Convolutions of pruned weights: two pixels in the lanes of one register, by one weight after another. Taken where the exact sum is wanted, where the rows of
/// inputs fit into a moderate scratch, and where a dense kernel would take more instructions by the estimate below, unless only
/// size matters.
/// </summary>
internal sealed class PackedConv2DKernel : IKernel
{
    /// <summary>Pixels of a block.</summary>
    private const int Pixels = 16;

    private const int RowBytes = sizeof(short) * Pixels;

    /// <summary>Of sums, pixels, and what aligns the rows.</summary>
    private const int FixedBytes = 292;

    private const int MaximumScratchBytes = 48 << 10;

    public KernelCall? TryLower(LayerContext layer)
    {
        if (layer.Node.Operator is not Conv2D conv || ExactSum.Of(layer, conv) is not { } sum || PruningPattern.Detect(conv) == null)
        {
            return null;
        }

        var range = InputRange(layer, conv);
        return ((PackedCodes?[])[PackedCodes.OfFewBits(conv, range), PackedCodes.OfManyBits(conv, range)])
            .FirstOrDefault(codes => codes != null && Scratch(codes) <= MaximumScratchBytes && (layer.Objective == PlanObjective.Size || Pays(layer, conv, codes))) is { } packed
            ? Create(layer, conv, sum, packed)
            : null;
    }

    /// <summary>Padding is a row's input like any other.</summary>
    private static TensorRange InputRange(LayerContext layer, Conv2D conv)
    {
        var zeroPoint = layer.Input.Quantization.ZeroPoint;
        return conv.Window.IsPadded ? layer.InputRange.Union(new TensorRange(zeroPoint, zeroPoint)) : layer.InputRange;
    }

    private static long Scratch(PackedCodes codes) => ((long)RowBytes * codes.Inputs) + FixedBytes;

    /// <summary>
    /// Whether blocks of pixels take fewer instructions than as many outputs of a dense kernel, as measured on a Cortex-M4: beside the sums, 130 for the outputs
    /// of a block and channel, and 2.5 for each input of a pixel that is laid into a row, once for all channels; a dense kernel takes 1.7 for each product and
    /// 12 for the output.
    /// </summary>
    private static bool Pays(LayerContext layer, Conv2D conv, PackedCodes codes)
    {
        var pixels = layer.Output.Shape.ElementCount / conv.OutputChannels;
        var blocks = (pixels + Pixels - 1) / Pixels;
        var packed = blocks * ((conv.OutputChannels * (codes.Instructions + 130)) + (2.5 * Pixels * conv.ProductCount));
        var dense = (double)pixels * conv.OutputChannels * ((1.7 * conv.ProductCount) + 12);
        return packed < dense;
    }

    private static KernelCall Create(LayerContext layer, Conv2D conv, ExactSum sum, PackedCodes codes)
    {
        var tables = DotProductTables.CreateFolded(conv, sum, layer.Input.Quantization.ZeroPoint) with
        {
            Weights = ConstantTable.Int8("weights", codes.Channels.SelectMany(channel => channel)),
        };
        var segments = codes.Segments.All(ofChannel => ofChannel.Length == 1) ? null : ConstantTable.UInt8("segments", codes.Segments.SelectMany(Stored));
        return new KernelCall(
            codes.Kernel + (conv.Rounding == Rounding.Double ? "_double" : "_single"),
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
            (int)Scratch(codes));
    }

    /// <summary>The number of segments, then the lengths of all but the last.</summary>
    private static IEnumerable<int> Stored(ImmutableArray<int> lengths) => lengths[..^1].Prepend(lengths.Length);
}
