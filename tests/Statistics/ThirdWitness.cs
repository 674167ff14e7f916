using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Diagnostics;
using Pqs.Tests.Codegen;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Statistics;

/// <summary>Compares emitted C# with the interpreter.</summary>
internal static class ThirdWitness
{
    public static NetworkProgram Compile(Graph graph, AccumulatorWidths? widths)
    {
        var diagnostics = new DiagnosticBag();
        var plan = Planner.Plan(graph, diagnostics);
        var program = plan == null ? null : NetworkProgram.Create(plan, widths, diagnostics);
        return program ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Lines()));
    }

    /// <summary>Every element of every layer, with and without counters.</summary>
    public static void Check(ModelCase network)
    {
        foreach (var widths in (AccumulatorWidths?[])[null, new(8, 20)])
        {
            using var program = Compile(network.Graph, widths);
            Check(network.Graph, network.Samples, program);
        }
    }

    public static void Check(Graph graph, ImmutableArray<sbyte[]> samples, NetworkProgram program)
    {
        var outputs = new sbyte[graph.Nodes.Length][];
        var instance = program.CreateInstance((layer, output) => outputs[layer] = output.ToArray());
        foreach (var (number, sample) in samples.Index())
        {
            instance.Network.Run(sample);
            var expected = Interpreter.Run(graph, sample);
            foreach (var (layer, node) in graph.Nodes.Index())
            {
                if (!outputs[layer].AsSpan().SequenceEqual(expected[node.Output]))
                {
                    Assert.Fail($"sample {number}, layer {layer} ({node.Operator.Name}) differs\n{new ModelCase(graph, samples).Describe()}");
                }
            }
        }
    }
}
