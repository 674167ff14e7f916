using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Verification;

/// <summary>What the reference interpreter computes for a set of samples: the bytes that a run's trace and outputs must equal.</summary>
/// <param name="Graph">The model.</param>
/// <param name="Samples">The inputs.</param>
/// <param name="Traces">By sample: each layer's output, one after another.</param>
/// <param name="Outputs">By sample: the model's outputs, one after another.</param>
public sealed record Expectation(
    Graph Graph, ImmutableArray<sbyte[]> Samples, ImmutableArray<sbyte[]> Traces, ImmutableArray<sbyte[]> Outputs)
{
    /// <summary>Runs the interpreter over the samples, on all cores.</summary>
    public static Expectation Compute(Graph graph, ImmutableArray<sbyte[]> samples)
    {
        var results = samples.AsParallel().AsOrdered().Select(sample =>
        {
            var values = Interpreter.Run(graph, sample);
            return (Trace: graph.Nodes.SelectMany(node => values[node.Output]).ToArray(), Output: Interpreter.Outputs(graph, values));
        }).ToArray();
        return new Expectation(graph, samples, [.. results.Select(result => result.Trace)], [.. results.Select(result => result.Output)]);
    }

    /// <summary>All samples as the verification program reads them.</summary>
    public byte[] InputBytes() => MemoryMarshal.AsBytes<sbyte>([.. Samples.SelectMany(sample => sample)]).ToArray();

    /// <summary>True when the bytes have the length that they must have; a run that wrote less or more is not comparable.</summary>
    public bool IsComplete(byte[] trace, byte[] outputs) =>
        trace.LongLength == Traces.Sum(sample => sample.LongLength) && outputs.LongLength == Outputs.Sum(sample => sample.LongLength);

    /// <summary>The first difference of complete results, or null when all bytes are equal.</summary>
    public LayerMismatch? Compare(byte[] trace, byte[] outputs)
    {
        var (traceStart, outputStart) = (0, 0);
        for (var sample = 0; sample < Samples.Length; sample++)
        {
            for (var layer = 0; layer < Graph.Nodes.Length; layer++)
            {
                var tensor = Graph.Tensors[Graph.Nodes[layer].Output];
                var size = tensor.Shape.ElementCount;
                var layerStart = traceStart - (sample * Traces[sample].Length);
                if (FirstDifference(Traces[sample].AsSpan(layerStart, size), trace.AsSpan(traceStart, size)) is { } element)
                {
                    return new LayerMismatch(
                        sample,
                        layer,
                        Graph.Nodes[layer].Origin,
                        element,
                        element % tensor.Shape[tensor.Shape.Rank - 1],
                        Traces[sample][layerStart + element],
                        (sbyte)trace[traceStart + element]);
                }

                traceStart += size;
            }

            if (FirstDifference(Outputs[sample], outputs.AsSpan(outputStart, Outputs[sample].Length)) is { } index)
            {
                return new LayerMismatch(
                    sample, Graph.Nodes.Length, "output", index, index, Outputs[sample][index], (sbyte)outputs[outputStart + index]);
            }

            outputStart += Outputs[sample].Length;
        }

        return null;
    }

    private static int? FirstDifference(ReadOnlySpan<sbyte> expected, ReadOnlySpan<byte> actual)
    {
        var common = MemoryMarshal.AsBytes(expected).CommonPrefixLength(actual);
        return common == expected.Length ? null : common;
    }
}
