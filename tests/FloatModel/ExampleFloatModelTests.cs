using NUnit.Framework;
using Pqs.Reference.FloatInterpretation;

namespace Pqs.Tests.FloatModel;

/// <summary>The repository's trained float models, against onnxruntime.</summary>
internal sealed class ExampleFloatModelTests
{
    private static IEnumerable<string> Models =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "models"), "fashion-*.onnx").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal);

    [TestCaseSource(nameof(Models))]
    public void A_trained_model_agrees_with_onnxruntime(string model)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Repository.Root, "models", model));
        var graph = FloatComparison.AssertEqual(bytes, samples: 4);
        var values = FloatInterpreter.Run(graph, new float[graph.InputElements]);

        Assert.That(values.SelectMany(tensor => tensor), Is.All.Matches<float>(float.IsFinite));
    }
}
