using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Statistics;

/// <summary>Runs samples on all cores and counts overflows.</summary>
public static class OverflowAnalysis
{
    /// <param name="program">A program that counts.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="progress">Called with the number of finished samples, from any thread; null for nothing.</param>
    /// <returns>The same counts whatever the number of cores.</returns>
    public static OverflowStatistics Run(NetworkProgram program, ImmutableArray<sbyte[]> samples, Action<int>? progress = null)
    {
        var widths = program.Widths ?? throw new ArgumentException("The program does not count.", nameof(program));
        var done = 0;
        var idle = new ConcurrentBag<NetworkInstance>([program.CreateInstance()]);
        Parallel.ForEach(samples, sample =>
        {
            if (!idle.TryTake(out var instance))
            {
                instance = program.CreateInstance();
            }

            instance.Network.Run(sample);
            idle.Add(instance);
            progress?.Invoke(Interlocked.Increment(ref done));
        });
        return new OverflowStatistics(
            widths,
            samples.Length,
            [.. program.Plan.Steps.Index()
                .Where(entry => entry.Item.Node.Operator is DotProductOperator)
                .Select(entry => Layer(entry.Index, entry.Item, Complete(entry.Index, idle), widths))]);
    }

    private static OverflowTally Complete(int position, IEnumerable<NetworkInstance> instances)
    {
        var tallies = instances.Select(instance => instance.Counters[position]!.Complete()).ToArray();
        foreach (var other in tallies[1..])
        {
            tallies[0].Merge(other);
        }

        return tallies[0];
    }

    private static LayerOverflows Layer(int position, Plan.Step step, OverflowTally tally, AccumulatorWidths widths)
    {
        ImmutableArray<OverflowSummary> channels = [.. Enumerable.Range(0, step.Bounds.Length).Select(channel => new OverflowSummary(
            tally.Total(channel),
            tally.Minimum[channel],
            tally.Maximum[channel],
            [.. widths.All.Select(width => Counts(tally, channel, width))]))];
        return new LayerOverflows(position, step, OverflowSummary.Of(channels), channels);
    }

    internal static OverflowCounts Counts(OverflowTally tally, int channel, int width)
    {
        // An order that overflows although the sum fits: the sum is one of its sums, so it overflows wherever the sum does.
        var persistent = tally.CountAbove(channel, OverflowKind.Sum, width);
        return new OverflowCounts(
            persistent,
            tally.CountAbove(channel, OverflowKind.Natural, width) - persistent,
            tally.CountAbove(channel, OverflowKind.OneRound, width) - persistent,
            tally.CountAbove(channel, OverflowKind.Sorted, width) - persistent);
    }
}
