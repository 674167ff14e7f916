using System.Diagnostics;
using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Import.TfLite;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;

namespace Pqs.Tests.Reference;

/// <summary>What must hold of an import of any bytes at all.</summary>
internal static class Survival
{
    private const long MaximumAllocation = 100L << 20;

    /// <summary>The same for an ONNX file.</summary>
    private const long MaximumOnnxAllocation = 400L << 20;

    /// <summary>Tells a hang from a busy machine; no import takes a second.</summary>
    private static readonly TimeSpan MaximumTime = TimeSpan.FromSeconds(60);

    /// <summary>Work that a surviving model may cost when it is run.</summary>
    private const long MaximumElementsToRun = 50_000;

    /// <summary>
    /// The import ends in time, within bounded memory, without an exception, with either a graph or errors fit to print; and a graph that it accepts can be run.
    /// </summary>
    /// <returns>The graph, if there is one.</returns>
    public static Graph? AssertImport(byte[] bytes, Func<string> what) =>
        Check(diagnostics => TfLiteImporter.Import(bytes, "fuzz.tflite", "fuzz", diagnostics), bytes.Length, MaximumAllocation, what);

    /// <summary>The same of an import as a quantized ONNX model.</summary>
    public static Graph? AssertOnnxImport(byte[] bytes, Func<string> what) =>
        Check(diagnostics => ModelLoader.Import(bytes, "fuzz.onnx", "fuzz", diagnostics), bytes.Length, MaximumOnnxAllocation, what);

    private static Graph? Check(Func<DiagnosticBag, Graph?> import, int length, long maximumAllocation, Func<string> what)
    {
        var diagnostics = new DiagnosticBag();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        Graph? graph;
        try
        {
            graph = import(diagnostics);
            if (graph != null && graph.Tensors.Sum(tensor => (long)tensor.Shape.ElementCount) + graph.Nodes.Sum(node => WorkCount.Macs(graph, node)) <= MaximumElementsToRun)
            {
                Interpreter.Run(graph, [.. Enumerable.Range(0, graph.InputBytes).Select(i => i % 3 == 0 ? sbyte.MinValue : sbyte.MaxValue)]);
            }
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"After {what()}", exception);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var problem =
            allocated > maximumAllocation ? $"allocated {allocated} bytes for a file of {length}"
            : clock.Elapsed > MaximumTime ? $"took {clock.Elapsed}"
            : (graph == null) != diagnostics.HasErrors ? $"gave {(graph == null ? "no" : "a")} graph and {diagnostics.ToImmutable().LastOrDefault()}"
            : diagnostics.ToImmutable().FirstOrDefault(d => $"{d.Place}{d.Message}".Any(char.IsControl)) is { } unprintable ? $"said {unprintable}"
            : null;
        if (problem != null)
        {
            Assert.Fail($"After {what()}, the import {problem}");
        }

        return graph;
    }
}
