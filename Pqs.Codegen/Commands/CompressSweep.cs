using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Commands;

/// <summary>The accuracy of a network whose accumulators all have one width, for three orders of accumulation.</summary>
internal sealed record SweepRow(int Bits, Accuracy Natural, Accuracy OneRound, Accuracy Sorted);

/// <summary>What narrower accumulators and the order of accumulation do to a network's accuracy: the main figure of the PQS paper, for any network.</summary>
internal sealed class CompressSweep
{
    private readonly Graph _wide;
    private readonly ImmutableArray<sbyte[]> _samples;
    private readonly Func<ImmutableArray<sbyte[]>, Accuracy> _accuracy;

    /// <param name="graph">The network.</param>
    /// <param name="samples">Its inputs.</param>
    /// <param name="accuracy">How right outputs are, by sample.</param>
    public CompressSweep(Graph graph, ImmutableArray<sbyte[]> samples, Func<ImmutableArray<sbyte[]>, Accuracy> accuracy) =>
        (_wide, _samples, _accuracy) = (With(graph, Accumulator.Wide), samples, accuracy);

    /// <returns>A row for each width, or null when an error was reported.</returns>
    public ImmutableArray<SweepRow>? Run(AccumulatorWidths widths, Action<string> progress, DiagnosticBag diagnostics)
    {
        progress("counting overflows");
        if (Planner.Plan(_wide, diagnostics) is not { } plan || NetworkProgram.Create(plan, widths, diagnostics) is not { } program)
        {
            return null;
        }

        using var counting = program;
        var statistics = OverflowAnalysis.Run(counting, _samples);
        if (Measure(_wide) is not { } wide)
        {
            return null;
        }

        var rows = ImmutableArray.CreateBuilder<SweepRow>();
        foreach (var (index, bits) in widths.All.Index())
        {
            progress($"{bits} accumulator bits");
            var counts = statistics.Layers.Select(layer => layer.All.ByWidth[index]).ToArray();
            var persistent = counts.Sum(count => count.Persistent);
            if (At(bits, Schedule.Natural, persistent + counts.Sum(count => count.Natural)) is not { } natural
                || At(bits, new Schedule.Sorted(Rounds: 1), persistent + counts.Sum(count => count.OneRound)) is not { } oneRound
                || At(bits, Sorted(bits), persistent + counts.Sum(count => count.Sorted)) is not { } sorted)
            {
                return null;
            }

            rows.Add(new SweepRow(bits, natural, oneRound, sorted));
        }

        return rows.ToImmutable();

        // Where nothing overflows anywhere, no layer sees other inputs than in wide accumulators.
        Accuracy? At(int bits, Schedule schedule, long overflows) =>
            overflows == 0 ? wide : Measure(With(_wide, new Accumulator(bits, schedule)));

        Accuracy? Measure(Graph graph) => QuantizedOutputs.Of(graph, _samples, diagnostics) is { } outputs ? _accuracy(outputs) : null;
    }

    /// <summary>The full sort, or what is proven to give the same and is faster.</summary>
    private Schedule Sorted(int bits)
    {
        var ranges = RangeAnalysis.Run(_wide);
        var isExact = _wide.Nodes.All(node => node.Operator is not DotProductOperator dot
            || AccumulatorAnalysis.Run(dot, ranges[node.Inputs[0]], _wide.Tensors[node.Inputs[0]].Quantization.ZeroPoint)
                .All(channel => channel.ProofAt(bits) != Proof.None));
        return isExact ? Schedule.Exact : new Schedule.Sorted();
    }

    private static Graph With(Graph graph, Accumulator accumulator) => graph with
    {
        Nodes = [.. graph.Nodes.Select(node => node.Operator is DotProductOperator dot ? node with { Operator = dot with { Accumulator = accumulator } } : node)],
    };
}
