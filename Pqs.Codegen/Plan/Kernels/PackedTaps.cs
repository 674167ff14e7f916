using System.Collections.Immutable;
using System.Numerics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Pruned weights of a depthwise convolution as a row of bits (pqs_kernels.h, "Weights as bits").</summary>
/// <param name="Form">How they are written.</param>
/// <param name="ChannelBits">Bits of an output channel.</param>
/// <param name="Bytes">All channels' bits, and what is loaded behind them.</param>
internal sealed record PackedTaps(TapGroups Form, int ChannelBits, ImmutableArray<int> Bytes)
{
    /// <summary>Bits are loaded two bytes at a time.</summary>
    private const int BytesBehind = 1;

    /// <summary>Vectors number the bits of eight channels in 16 bits.</summary>
    private const int MaximumChannelBits = 8000;

    /// <summary>
    /// The form with the fewest bits, of equals the one with the smallest groups; null for a layer that is not pruned, and where no form is smaller than a byte
    /// for each weight.
    /// </summary>
    public static PackedTaps? TryEncode(DotProductOperator dot)
    {
        if (PruningPattern.Detect(dot) == null)
        {
            return null;
        }

        var weightBits = dot.Weights.Max(weight => BitsOf(weight));
        var (form, bits) = Enumerable.Range(2, PruningPattern.MaximumM - 1)
            .SelectMany(taps => TapGroups.Of(dot, taps, weightBits))
            .Select(form => (Form: form, Bits: form.BitsOf(dot.ProductCount)))
            .MinBy(candidate => candidate.Bits);
        var bytes = (((long)bits * dot.OutputChannels) + 7) / 8;
        return bits <= MaximumChannelBits && bytes + BytesBehind < dot.Weights.Length
            ? new PackedTaps(form, bits, [.. Enumerable.Range(0, dot.OutputChannels).SelectMany(channel => form.Encode(dot, channel)).Chunk(8).Select(Byte), .. new int[BytesBehind]])
            : null;
    }

    public IEnumerable<KernelField> Fields() =>
    [
        KernelField.Number("channel_bits", ChannelBits),
        KernelField.Number("group_taps", Form.Taps),
        KernelField.Number("group_weights", Form.Weights),
        KernelField.Number("position_bits", Form.PositionBits),
        KernelField.Number("weight_bits", Form.WeightBits),
    ];

    /// <summary>Of two's complement.</summary>
    private static int BitsOf(sbyte weight) => 1 + BitOperations.Log2((uint)(weight < 0 ? ~weight : weight) << 1 | 1);

    private static int Byte(bool[] bits) => (sbyte)bits.Index().Sum(bit => bit.Item ? 1 << bit.Index : 0);
}
