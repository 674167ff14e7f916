using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Export;
using Pqs.Reference.Import;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.Codegen;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Onnx;

/// <summary>What is written comes back, number for number and name for name.</summary>
internal sealed class OnnxRoundTripTests
{
    [Test]
    public void A_random_model_comes_back() => Property.Holds(RandomModel.WithLayers(8), 500, builder => AssertRoundTrip(InterpreterTests.Import(builder)));

    [Test]
    public void A_random_model_with_narrow_accumulators_and_pruned_weights_comes_back()
    {
        for (var number = 0; number < (Property.IsLong ? 20_000 : 300); number++)
        {
            AssertRoundTrip(WithRandomRounding(NarrowNetworks.Narrow(InterpreterTests.Import(RandomModel.Numbered((uint)number, 6)), number), number));
        }
    }

    [TestCase("kws")]
    [TestCase("resnet8")]
    [TestCase("ad01")]
    public void A_third_partys_model_comes_back(string name) => AssertRoundTrip(Load(Path.Combine(SharedModels.Folder(name), "model.tflite")));

    [Test]
    public void The_example_comes_back() => AssertRoundTrip(Load(Path.Combine(Repository.Root, "models", "example.tflite")));

    internal static Graph Load(string path)
    {
        var diagnostics = new DiagnosticBag();
        var graph = ModelLoader.Load(path, diagnostics);
        Assert.That(diagnostics.ToImmutable().Select(d => d.ToString()), Is.Empty);
        return graph!;
    }

    internal static void AssertRoundTrip(Graph graph)
    {
        var diagnostics = new DiagnosticBag();
        var bytes = OnnxExporter.Export(graph, diagnostics);
        var back = bytes == null ? null : ModelLoader.Import(bytes, "net.onnx", graph.Name, diagnostics);
        Assert.That(diagnostics.ToImmutable().Select(d => d.ToString()), Is.Empty);
        Assert.That(GraphText.Of(WithoutSource(back!)), Is.EqualTo(GraphText.Of(WithoutSource(graph))));
        Assert.That(OnnxExporter.Export(back!, diagnostics), Is.EqualTo(bytes), "equal graphs give equal bytes");
    }

    internal static Graph WithRandomRounding(Graph graph, int seed)
    {
        var random = new Random(seed);
        return graph with
        {
            Nodes = [.. graph.Nodes.Select(node => node.Operator is DotProductOperator dot ? node with { Operator = dot with { Rounding = (Rounding)random.Next(2) } } : node)],
        };
    }

    /// <summary>Without what says where a graph comes from.</summary>
    private static Graph WithoutSource(Graph graph) => graph with
    {
        SourceHash = "",
        Tensors = [.. graph.Tensors.Select(tensor => tensor with { SourceIndex = 0 })],
        Nodes = [.. graph.Nodes.Select(node => node with { Origin = "" })],
    };
}
