using System.Collections.Immutable;
using Pqs.Compress.Simulation;
using Pqs.Reference.Data;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;

namespace Pqs.Compress.Pipeline;

/// <summary>What networks make of samples, on all cores.</summary>
public static class NetworkOutputs
{
    /// <summary>The outputs of a float network, by sample.</summary>
    public static ImmutableArray<float[]> Of(FloatGraph graph, ImmutableArray<float[]> samples) =>
        ForEach(samples, sample => FloatInterpreter.Outputs(graph, FloatInterpreter.Run(graph, sample)));

    /// <summary>The outputs of a quantized network, by sample: by simulation where that gives the same, else by the interpreter.</summary>
    public static ImmutableArray<sbyte[]> Of(Graph graph, ImmutableArray<float[]> samples)
    {
        var simulator = GraphSimulator.For(graph);
        return ForEach(samples, sample =>
        {
            var integers = Quantize(graph, sample);
            return Interpreter.Outputs(graph, simulator == null ? Interpreter.Run(graph, integers) : simulator.Run(integers).Values);
        });
    }

    /// <summary>A float sample as the inputs of a quantized network, one tensor after another.</summary>
    public static sbyte[] Quantize(Graph graph, float[] sample)
    {
        var integers = new sbyte[sample.Length];
        var start = 0;
        foreach (var tensor in graph.Inputs.Select(id => graph.Tensors[id]))
        {
            for (var end = start + tensor.Shape.ElementCount; start < end; start++)
            {
                integers[start] = SampleQuantizer.Quantize(sample[start], tensor.Quantization);
            }
        }

        return integers;
    }

    private static ImmutableArray<T> ForEach<T>(ImmutableArray<float[]> samples, Func<float[], T> compute)
    {
        var results = new T[samples.Length];
        Parallel.For(0, results.Length, sample => results[sample] = compute(samples[sample]));
        return ImmutableArray.Create(results);
    }
}
