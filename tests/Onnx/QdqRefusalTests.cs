using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;

namespace Pqs.Tests.Onnx;

internal sealed class QdqRefusalTests
{
    public static IEnumerable<TestCaseData> Cases => QdqRefusalCases.All.Select(c => new TestCaseData(c).SetArgDisplayNames(c.ToString()));

    [TestCaseSource(nameof(Cases))]
    public void A_model_is_refused(object testCase)
    {
        var refusal = (QdqRefusal)testCase;
        var diagnostics = new DiagnosticBag();
        Assert.That(ModelLoader.Import(refusal.Model(), "net.onnx", "net", diagnostics), Is.Null);
        var first = diagnostics.ToImmutable().First(d => d.Descriptor.Severity == Severity.Error);
        Assert.That(first.Descriptor.Id, Is.EqualTo(refusal.Id), $"{first}");
        Assert.That(first.Place, Does.Contain(refusal.Place));
        Assert.That(first.Message, Does.Contain(refusal.Message));
    }

    [Test]
    public void Every_node_that_is_wrong_is_named()
    {
        var builder = new QdqBuilder();
        var first = builder.Plain.Node("Sigmoid", builder.Input(1, 4));
        var second = builder.Plain.Node("Tanh", builder.Input(1, 4));
        builder.Output(builder.Quantize(builder.Plain.Node("Add", [first, builder.Plain.Node("Relu", second)])));
        Assert.That(Findings(builder.Build()), Is.EqualTo(new[] { "PQS0106 net.onnx: node 1 Sigmoid", "PQS0106 net.onnx: node 3 Tanh" }));
    }

    [Test]
    public void A_softmax_of_another_scale_is_taken_with_a_warning()
    {
        var builder = new QdqBuilder();
        var softmax = builder.Requantize(builder.Plain.Node("Softmax", builder.Input(1, 4)), 1f / 255, -128);
        builder.Output(builder.Quantize(softmax, 1f / 255, -128));
        var diagnostics = new DiagnosticBag();
        var graph = ModelLoader.Import(builder.Build(), "net.onnx", "net", diagnostics)!;
        Assert.That(diagnostics.ToImmutable().Select(d => d.Descriptor.Id), Is.EqualTo(new[] { "PQS0124" }));
        Assert.That(graph.Tensors[graph.Nodes[0].Output].Quantization, Is.EqualTo(new Pqs.Reference.Model.Quantization(1f / 256, -128)));
    }

    [Test]
    public void A_file_of_no_known_format_is_refused_whatever_its_name()
    {
        Assert.That(Findings([1, 2, 3]), Is.EqualTo(new[] { "PQS0103 net.onnx" }));
        Assert.That(Findings([]), Is.EqualTo(new[] { "PQS0103 net.onnx" }));
        Assert.That(Findings("{\"a\": 1}"u8.ToArray()), Is.EqualTo(new[] { "PQS0103 net.onnx" }));
    }

    [Test]
    public void A_node_that_reaches_no_output_is_noted()
    {
        var builder = new QdqBuilder();
        var input = builder.Input(1, 4);
        builder.Plain.Node("Sigmoid", input);
        builder.Output(builder.Quantize(builder.Plain.Node("Gemm", [input, builder.Weights([4, 2])])));
        var diagnostics = new DiagnosticBag();
        Assert.That(ModelLoader.Import(builder.Build(), "net.onnx", "net", diagnostics), Is.Not.Null);
        Assert.That(diagnostics.ToImmutable().Select(d => $"{d.Descriptor.Id} {d.Message}"), Is.EqualTo(new[] { "PQS0115 node 1 Sigmoid does not contribute to an output and is left out" }));
    }

    private static IEnumerable<string> Findings(byte[] bytes)
    {
        var diagnostics = new DiagnosticBag();
        Assert.That(ModelLoader.Import(bytes, "net.onnx", "net", diagnostics), Is.Null);
        return diagnostics.ToImmutable().Select(d => $"{d.Descriptor.Id} {d.Place}");
    }
}
