using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Pruned weights with the number of inputs left out before each: the relative indices of "Deep Compression" (arXiv 1510.00149). Where more are left out than the
/// bits can tell, and where a channel has fewer codes than others, some zeros have codes too.
/// </summary>
/// <param name="GapBits">2, 3 or 4.</param>
/// <param name="Codes">Of a channel, a multiple of <see cref="Step"/>.</param>
/// <param name="Channels">By channel: its bytes.</param>
internal sealed record GapCodes(int GapBits, int Codes, ImmutableArray<ImmutableArray<int>> Channels)
{
    /// <summary>Codes that a kernel takes at once.</summary>
    public const int Step = 4;

    /// <summary>Bits of a gap that shares a byte with its weight.</summary>
    private static readonly ImmutableArray<int> BitsOfGap = [2, 3];

    /// <summary>Bits of a gap that shares a byte with other gaps.</summary>
    private static readonly ImmutableArray<int> BitsOfGapsApart = [2, 4];

    /// <summary>
    /// A byte for each code, weight · 2^GapBits + gap, with the bits that make the fewest codes, of equals the fewest bits; null where there would be no fewer codes
    /// than weights, or weights have too many bits.
    /// </summary>
    public static GapCodes? OfFewBits(DotProductOperator dot) => BitsOfGap
        .Where(bits => dot.Weights.All(weight => CodedWeights.Fits(weight, bits)))
        .Select(bits => (Bits: bits, Codes: CountCodes(dot, bits)))
        .Where(form => form.Codes < dot.ProductCount)
        .OrderBy(form => form.Codes)
        .Select(form => Encode(dot, form.Bits, form.Codes, channel => [.. channel.Select(code => (code.Weight << form.Bits) + code.Gap)]))
        .FirstOrDefault();

    /// <summary>
    /// For each 8 / GapBits codes a byte with their gaps, the first in its lowest bits, then their weights, with the bits that make the fewest bytes; null where that is
    /// no smaller than dense weights, or where a channel's sum may have too many bits.
    /// </summary>
    /// <param name="dot">The layer.</param>
    /// <param name="range">The input's quantized values, padding included.</param>
    public static GapCodes? OfManyBits(DotProductOperator dot, TensorRange range) => !WideCodes.Fits(dot, range)
        ? null
        : BitsOfGapsApart
            .Select(bits => (Bits: bits, Codes: CountCodes(dot, bits)))
            .Select(form => (form.Bits, form.Codes, Bytes: form.Codes + (form.Codes * form.Bits / 8)))
            .Where(form => form.Bytes < dot.ProductCount)
            .OrderBy(form => form.Bytes)
            .Select(form => Encode(dot, form.Bits, form.Codes, channel => [.. channel.Chunk(8 / form.Bits).SelectMany(part => Apart(part, form.Bits))]))
            .FirstOrDefault();

    private static IEnumerable<int> Apart((int Weight, int Gap)[] part, int bits) =>
        part.Select(code => code.Weight).Prepend((sbyte)part.Index().Sum(entry => entry.Item.Gap << (bits * entry.Index)));

    private static GapCodes Encode(DotProductOperator dot, int bits, int codes, Func<(int Weight, int Gap)[], ImmutableArray<int>> toBytes) =>
        new(bits, codes, [.. Enumerable.Range(0, dot.OutputChannels).Select(channel => toBytes(Write(dot, channel, bits, codes)))]);

    /// <summary>Codes of the channel that needs the most, filled up to whole steps.</summary>
    private static int CountCodes(DotProductOperator dot, int bits) =>
        (Math.Max(1, Enumerable.Range(0, dot.OutputChannels).Max(channel => Needed(dot, channel, bits).Count(isNeeded => isNeeded))) + Step - 1) / Step * Step;

    /// <summary>Which inputs of a channel must have codes: those of weights that are not zero, and some between where too many are left out.</summary>
    private static bool[] Needed(DotProductOperator dot, int channel, int bits)
    {
        var needed = new bool[dot.ProductCount];
        var next = 0;
        for (var input = 0; input < needed.Length; input++)
        {
            if (dot.Weight(channel, input) == 0)
            {
                continue;
            }

            for (; input - next >= 1 << bits; next += 1 << bits)
            {
                needed[next + (1 << bits) - 1] = true;
            }

            needed[input] = true;
            next = input + 1;
        }

        return needed;
    }

    /// <summary>
    /// A channel's codes. Where it needs fewer than there are to be, the first inputs without one get codes. Between other codes these make gaps shorter, and behind
    /// the last code they follow without a gap.
    /// </summary>
    private static (int Weight, int Gap)[] Write(DotProductOperator dot, int channel, int bits, int count)
    {
        var coded = Needed(dot, channel, bits);
        var missing = count - coded.Count(isCoded => isCoded);
        var codes = new (int Weight, int Gap)[count];
        var (written, next) = (0, 0);
        for (var input = 0; written < count; input++)
        {
            if (!coded[input] && missing == 0)
            {
                continue;
            }

            missing -= coded[input] ? 0 : 1;
            codes[written++] = (dot.Weight(channel, input), input - next);
            next = input + 1;
        }

        return codes;
    }
}
