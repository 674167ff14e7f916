using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Export;
using Pqs.Reference.Import.Onnx.Quantized;
using Pqs.Reference.Model;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Onnx;

/// <summary>What is written comes back, number for number and name for name.</summary>
internal sealed class OnnxRoundTripTests
{
    [Test]
    public void A_random_model_comes_back() => Property.Holds(RandomModel.WithLayers(8), 500, builder => AssertRoundTrip(InterpreterTests.Import(builder)));

    internal static void AssertRoundTrip(Graph graph)
    {
        var diagnostics = new DiagnosticBag();
        var bytes = OnnxExporter.Export(graph, diagnostics);
        var back = bytes == null ? null : QdqImporter.Import(bytes, "net.onnx", graph.Name, diagnostics);
        Assert.That(diagnostics.ToImmutable().Select(d => d.ToString()), Is.Empty);
        Assert.That(GraphText.Of(Comparable(back!)), Is.EqualTo(GraphText.Of(Comparable(graph))));
    }

    /// <summary>Without what says where a graph comes from.</summary>
    internal static Graph Comparable(Graph graph) => graph with
    {
        SourceHash = "",
        Tensors = [.. graph.Tensors.Select(tensor => tensor with { SourceIndex = 0 })],
        Nodes = [.. graph.Nodes.Select(node => node with { Origin = "" })],
    };
}
