using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Statistics;
using Pqs.Compress.Simulation;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Commands;

/// <summary>The accuracy of a network whose accumulators all have one width, for three orders of accumulation.</summary>
internal sealed record SweepRow(int Bits, Accuracy Natural, Accuracy OneRound, Accuracy Sorted);

/// <summary>What narrower accumulators and the order of accumulation do to a network's accuracy: the main figure of the PQS paper, for any network.</summary>
internal sealed class CompressSweep
{
    /// <summary>The widest accumulator for which there are loops of every schedule.</summary>
    private const int WidestWithLoops = 16;

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
        var wide = _accuracy(Outputs(_wide, diagnostics));
        var rows = ImmutableArray.CreateBuilder<SweepRow>();
        foreach (var (index, bits) in widths.All.Index())
        {
            progress($"{bits} accumulator bits");
            var counts = statistics.Layers.Select(layer => layer.All.ByWidth[index]).ToArray();
            var persistent = counts.Sum(count => count.Persistent);
            rows.Add(new SweepRow(
                bits,
                At(bits, Schedule.Natural, persistent + counts.Sum(count => count.Natural)),
                At(bits, new Schedule.Sorted(Rounds: 1), persistent + counts.Sum(count => count.OneRound)),
                At(bits, Sorted(bits), persistent + counts.Sum(count => count.Sorted))));
        }

        return diagnostics.HasErrors ? null : rows.ToImmutable();

        // Where nothing overflows anywhere, no layer sees other inputs than in wide accumulators.
        Accuracy At(int bits, Schedule schedule, long overflows) =>
            overflows == 0 ? wide : _accuracy(Outputs(With(_wide, new Accumulator(bits, schedule)), diagnostics));
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

    private ImmutableArray<sbyte[]> Outputs(Graph graph, DiagnosticBag diagnostics)
    {
        if (GraphSimulator.For(graph) is { } simulator)
        {
            return [.. _samples.AsParallel().AsOrdered().Select(sample => Interpreter.Outputs(graph, simulator.Run(sample).Values))];
        }

        // There is no plan for other widths. Overflows are rare there, so they are seldom needed.
        var bits = graph.Nodes.Select(node => node.Operator).OfType<DotProductOperator>().Max(dot => dot.Accumulator.Bits);
        if (bits > WidestWithLoops)
        {
            return [.. _samples.AsParallel().AsOrdered().Select(sample => Interpreter.Outputs(graph, Interpreter.Run(graph, sample)))];
        }

        return Planner.Plan(graph, diagnostics) is { } plan && NetworkProgram.Create(plan, null, diagnostics) is { } program ? Compiled(program) : [];
    }

    private ImmutableArray<sbyte[]> Compiled(NetworkProgram program)
    {
        using var running = program;
        var graph = program.Plan.Graph;
        var positions = graph.Outputs.Select(id => program.Plan.Steps.Index().Last(step => step.Item.Node.Output == id).Index).ToArray();
        var idle = new ConcurrentBag<(CompiledNetwork Network, sbyte[][] Outputs)>();
        var results = new sbyte[_samples.Length][];
        Parallel.For(0, results.Length, index =>
        {
            if (!idle.TryTake(out var instance))
            {
                var outputs = new sbyte[program.Plan.Steps.Length][];
                instance = (program.CreateInstance((layer, output) => outputs[layer] = positions.Contains(layer) ? output.ToArray() : []).Network, outputs);
            }

            instance.Network.Run(_samples[index]);
            results[index] = [.. positions.SelectMany(position => instance.Outputs[position])];
            idle.Add(instance);
        });
        return ImmutableArray.Create(results);
    }
}
