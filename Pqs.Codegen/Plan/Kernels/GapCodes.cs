using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Pruned weights of few bits, each as one byte, weight · 2^GapBits + the number of inputs left out before it: the relative indices of "Deep Compression"
/// (arXiv 1510.00149). Where more are left out than the bits can tell, and where a channel has fewer codes than others, some zeros have codes too.
/// </summary>
/// <param name="GapBits">2 or 3.</param>
/// <param name="Channels">By channel: its codes, in natural order, equally many and a multiple of <see cref="Step"/>.</param>
internal sealed record GapCodes(int GapBits, ImmutableArray<ImmutableArray<int>> Channels)
{
    /// <summary>Codes that a kernel takes at once.</summary>
    public const int Step = 4;

    private const int MinimumGapBits = 2;

    private const int MaximumGapBits = 3;

    /// <summary>The bits that make the fewest codes, of equals the fewest bits; null where there would be no fewer codes than weights, or weights have too many bits.</summary>
    public static GapCodes? TryEncode(DotProductOperator dot)
    {
        var best = Enumerable.Range(MinimumGapBits, MaximumGapBits - MinimumGapBits + 1)
            .Where(bits => dot.Weights.All(weight => weight << bits is >= sbyte.MinValue and <= sbyte.MaxValue))
            .Select(bits => (Bits: bits, Coded: Enumerable.Range(0, dot.OutputChannels).Select(channel => Needed(dot, channel, bits)).ToArray()))
            .Select(candidate => (candidate.Bits, candidate.Coded, Codes: (Math.Max(1, candidate.Coded.Max(coded => coded.Count)) + Step - 1) / Step * Step))
            .OrderBy(candidate => candidate.Codes)
            .FirstOrDefault();
        return best.Codes == 0 || best.Codes >= dot.ProductCount
            ? null
            : new GapCodes(best.Bits, [.. best.Coded.Select((coded, channel) => Encode(dot, channel, Fill(coded, best.Codes), best.Bits))]);
    }

    /// <summary>The inputs of a channel that must have codes: those of weights that are not zero, and some between where too many are left out.</summary>
    private static SortedSet<int> Needed(DotProductOperator dot, int channel, int bits)
    {
        var coded = new SortedSet<int>();
        var next = 0;
        for (var input = 0; input < dot.ProductCount; input++)
        {
            if (dot.Weight(channel, input) == 0)
            {
                continue;
            }

            for (; input - next >= 1 << bits; next += 1 << bits)
            {
                coded.Add(next + (1 << bits) - 1);
            }

            coded.Add(input);
            next = input + 1;
        }

        return coded;
    }

    /// <summary>Adds the first inputs that have no code. Gaps only become shorter by that, or none is behind the last code.</summary>
    private static SortedSet<int> Fill(SortedSet<int> coded, int count)
    {
        for (var input = 0; coded.Count < count; input++)
        {
            coded.Add(input);
        }

        return coded;
    }

    private static ImmutableArray<int> Encode(DotProductOperator dot, int channel, SortedSet<int> coded, int bits) =>
    [
        .. coded.Zip(coded.Prepend(-1), (input, before) => (dot.Weight(channel, input) << bits) + (input - before - 1)),
    ];
}
