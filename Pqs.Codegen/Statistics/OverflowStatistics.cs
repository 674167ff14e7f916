using System.Collections.Immutable;
using Pqs.Codegen.Plan;

namespace Pqs.Codegen.Statistics;

/// <summary>The dot products of which some addition saturates at one width (docs/numerics.md, "Overflow").</summary>
/// <param name="Persistent">The whole sum does not fit.</param>
/// <param name="Natural">The sum fits, but the natural order overflows.</param>
/// <param name="OneRound">The sum fits, but one round of sorting and the additions after it overflow.</param>
/// <param name="Sorted">The sum fits, but sorting to the end overflows.</param>
public readonly record struct OverflowCounts(long Persistent, long Natural, long OneRound, long Sorted)
{
    public static OverflowCounts operator +(OverflowCounts a, OverflowCounts b) =>
        new(a.Persistent + b.Persistent, a.Natural + b.Natural, a.OneRound + b.OneRound, a.Sorted + b.Sorted);

    public static OverflowCounts Add(OverflowCounts left, OverflowCounts right) => left + right;
}

/// <summary>One output channel of a layer, or all of them.</summary>
/// <param name="DotProducts">How many were computed.</param>
/// <param name="SumMinimum">The least exact sum.</param>
/// <param name="SumMaximum">The greatest exact sum.</param>
/// <param name="ByWidth">From the narrowest width on.</param>
public sealed record OverflowSummary(long DotProducts, int SumMinimum, int SumMaximum, ImmutableArray<OverflowCounts> ByWidth)
{
    /// <summary>Several channels as one.</summary>
    public static OverflowSummary Of(ImmutableArray<OverflowSummary> channels) => new(
        channels.Sum(channel => channel.DotProducts),
        channels.Min(channel => channel.SumMinimum),
        channels.Max(channel => channel.SumMaximum),
        [.. channels[0].ByWidth.Select((_, width) => channels.Aggregate(default(OverflowCounts), (sum, channel) => sum + channel.ByWidth[width]))]);
}

/// <summary>A layer of dot products.</summary>
/// <param name="Position">Of its step in the plan.</param>
/// <param name="Step">The step, with the worst cases of its channels.</param>
/// <param name="All">All channels.</param>
/// <param name="Channels">By output channel.</param>
public sealed record LayerOverflows(int Position, Step Step, OverflowSummary All, ImmutableArray<OverflowSummary> Channels);

/// <summary>What overflows at which width, over data.</summary>
/// <param name="Widths">The widths.</param>
/// <param name="Samples">How many were run.</param>
/// <param name="Layers">The layers of dot products in their order.</param>
public sealed record OverflowStatistics(AccumulatorWidths Widths, int Samples, ImmutableArray<LayerOverflows> Layers);
