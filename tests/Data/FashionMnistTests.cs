using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.Import;

namespace Pqs.Tests.Data;

/// <summary>A real data set, where Debian's package dataset-fashion-mnist is installed, and a model that was trained on it.</summary>
internal sealed class FashionMnistTests
{
    private const string Folder = "/usr/share/datasets/fashion-mnist";

    /// <summary>PyTorch and onnxruntime count so many of the test images right, as experiments/README.md says.</summary>
    private const int Right = 8956;

    [Test]
    public void The_float_model_has_the_accuracy_that_others_measure()
    {
        if (!Directory.Exists(Folder))
        {
            Assert.Ignore("dataset-fashion-mnist is not installed");
        }

        var diagnostics = new DiagnosticBag();
        var graph = FloatModelLoader.Load(Path.Combine(Repository.Root, "models", "fashion-mlp.onnx"), diagnostics)!;
        var data = DataSetLoader.Load(Path.Combine(Folder, "t10k-images-idx3-ubyte.gz"), graph.Tensors[graph.Inputs[0]].Shape, diagnostics)!;
        var labels = LabelFile.Load(Path.Combine(Folder, "t10k-labels-idx1-ubyte.gz"), data.Count, diagnostics)!.Value;
        ImmutableArray<float[]> outputs =
        [
            .. Enumerable.Range(0, data.Count).AsParallel().AsOrdered()
                .Select(index => FloatInterpreter.Outputs(graph, FloatInterpreter.Run(graph, InputScaling.Usual.Reals(data, index)))),
        ];

        // Sums of floats in another order may turn a tie.
        Assert.That(Accuracy.Measure(outputs, labels, "labels", diagnostics)!.Correct, Is.EqualTo(Right).Within(2));
        Assert.That(diagnostics.ToImmutable(), Is.Empty);
    }
}
