using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Import.Onnx.Float;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.FloatModel;

internal sealed class OnnxRefusalTests
{
    [TestCaseSource(typeof(OnnxRefusalCases), nameof(OnnxRefusalCases.All))]
    public void A_model_is_refused(object testCase)
    {
        var refusal = (OnnxRefusal)testCase;
        var diagnostics = new DiagnosticBag();
        Assert.That(FloatOnnxImporter.Import(refusal.Model(), "net.onnx", "net", diagnostics), Is.Null);
        var first = diagnostics.ToImmutable().First(d => d.Descriptor.Severity == Severity.Error);
        Assert.That(first.Descriptor.Id, Is.EqualTo(refusal.Id), $"{first}");
        Assert.That(first.Place, Does.Contain(refusal.Place));
        Assert.That(first.Message, Does.Contain(refusal.Message));
    }

    [Test]
    public void Every_node_that_is_wrong_is_named()
    {
        var builder = new OnnxModelBuilder();
        var first = builder.Node("Sigmoid", builder.Input(1, 4));
        var second = builder.Node("Tanh", builder.Input(1, 4));
        builder.Output(builder.Node("Add", [first, builder.Node("Relu", second)]));
        Assert.That(Errors(builder.Build()), Is.EqualTo(new[] { "PQS0106 net.onnx: node 0 Sigmoid", "PQS0106 net.onnx: node 1 Tanh" }));
    }

    [Test]
    public void A_quantized_model_is_refused_as_one()
    {
        Assert.That(Errors(SmallModel.Builder().Build()), Is.EqualTo(new[] { "PQS0116 net.onnx" }));
        Assert.That(Errors([1, 2, 3]), Is.EqualTo(new[] { "PQS0103 net.onnx" }));
        Assert.That(Errors([]), Is.EqualTo(new[] { "PQS0103 net.onnx" }));
    }

    [Test]
    public void A_file_that_is_not_there_is_refused()
    {
        var diagnostics = new DiagnosticBag();
        Assert.That(FloatModelLoader.Load(Path.Combine(Path.GetTempPath(), "no", "such", "net.onnx"), diagnostics), Is.Null);
        Assert.That(diagnostics.ToImmutable().Single().Descriptor.Id, Is.EqualTo("PQS0101"));
    }

    private static IEnumerable<string> Errors(byte[] bytes)
    {
        var diagnostics = new DiagnosticBag();
        Assert.That(FloatModelLoader.Import(bytes, "net.onnx", "net", diagnostics), Is.Null);
        return diagnostics.ToImmutable().Where(d => d.Descriptor.Severity == Severity.Error).Select(d => $"{d.Descriptor.Id} {d.Place}");
    }
}
