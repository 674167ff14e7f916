using System.Collections.Concurrent;
using System.Collections.Immutable;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Statistics;
using Pqs.Compress.Simulation;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Commands;

/// <summary>What a quantized network makes of many samples, on all cores, by the fastest way that gives the interpreter's bits.</summary>
internal static class QuantizedOutputs
{
    /// <summary>The widest accumulator for which there are loops of every schedule.</summary>
    private const int WidestWithLoops = 16;

    /// <returns>The outputs by sample, or null when an error was reported.</returns>
    public static ImmutableArray<sbyte[]>? Of(Graph graph, ImmutableArray<sbyte[]> samples, DiagnosticBag diagnostics)
    {
        if (GraphSimulator.For(graph) is { } simulator)
        {
            return [.. samples.AsParallel().AsOrdered().Select(sample => Interpreter.Outputs(graph, simulator.Run(sample).Values))];
        }

        // There is no plan for other widths. Overflows are rare there, so they are seldom needed.
        var bits = graph.Nodes.Select(node => node.Operator).OfType<DotProductOperator>().Max(dot => dot.Accumulator.Bits);
        if (bits > WidestWithLoops)
        {
            return [.. samples.AsParallel().AsOrdered().Select(sample => Interpreter.Outputs(graph, Interpreter.Run(graph, sample)))];
        }

        return Planner.Plan(graph, diagnostics) is { } plan && NetworkProgram.Create(plan, null, diagnostics) is { } program
            ? Compiled(program, samples)
            : null;
    }

    private static ImmutableArray<sbyte[]> Compiled(NetworkProgram program, ImmutableArray<sbyte[]> samples)
    {
        using var running = program;
        var graph = program.Plan.Graph;
        var positions = graph.Outputs.Select(id => program.Plan.Steps.Index().Last(step => step.Item.Node.Output == id).Index).ToArray();
        var idle = new ConcurrentBag<(CompiledNetwork Network, sbyte[][] Outputs)>();
        var results = new sbyte[samples.Length][];
        Parallel.For(0, results.Length, index =>
        {
            if (!idle.TryTake(out var instance))
            {
                var outputs = new sbyte[program.Plan.Steps.Length][];
                instance = (program.CreateInstance((layer, output) => outputs[layer] = positions.Contains(layer) ? output.ToArray() : []).Network, outputs);
            }

            instance.Network.Run(samples[index]);
            results[index] = [.. positions.SelectMany(position => instance.Outputs[position])];
            idle.Add(instance);
        });
        return ImmutableArray.Create(results);
    }
}
