using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Import;
using Pqs.Tests.FloatModel;

namespace Pqs.Tests.Data;

/// <summary>A real data set, where Debian's package dataset-fashion-mnist is installed, and the models that were trained on it.</summary>
internal sealed class FashionMnistTests
{
    private const string Folder = "/usr/share/datasets/fashion-mnist";

    /// <summary>PyTorch counts so many of the test images right, as experiments/README.md says.</summary>
    private static readonly TestCaseData[] Models =
    [
        new("fashion-mlp", 8956),
        new("fashion-dscnn", 9153),
        new("fashion-resnet8", 9296),
    ];

    [TestCaseSource(nameof(Models))]
    public void The_float_model_has_the_accuracy_that_others_measure(string model, int right)
    {
        var (graph, images, labels) = Load(model, "t10k");
        ImmutableArray<float[]> outputs =
        [
            .. Enumerable.Range(0, images.Count).AsParallel().AsOrdered()
                .Select(index => FloatInterpreter.Outputs(graph, FloatInterpreter.Run(graph, InputScaling.Usual.Reals(images, index)))),
        ];
        AssertRight(outputs, labels, right);
    }

    [TestCaseSource(nameof(Models))]
    public void Onnxruntime_has_the_same_accuracy(string model, int right)
    {
        var (_, images, labels) = Load(model, "t10k");
        using var oracle = new OnnxRuntimeOracle(File.ReadAllBytes(PathOf(model)));
        AssertRight([.. Enumerable.Range(0, images.Count).Select(index => oracle.Run([InputScaling.Usual.Reals(images, index)])[0].Values)], labels, right);
    }

    [Test]
    public void The_calibration_images_are_the_first_ones_to_train_with()
    {
        var (graph, images, labels) = Load("fashion-mlp", "train");
        var diagnostics = new DiagnosticBag();
        var kept = DataSetLoader.Load(Path.Combine(Repository.Root, "models", "fashion-calibration.npz"), graph.Tensors[graph.Inputs[0]].Shape, diagnostics)!;

        Assert.That(kept.Labels, Is.EqualTo(labels[..200]));
        Assert.That(kept.Type, Is.EqualTo(ElementType.UInt8));
        Assert.That(Enumerable.Range(0, kept.Count).All(index => kept.Sample(index).SequenceEqual(images.Sample(index))), Is.True);
    }

    private static string PathOf(string model) => Path.Combine(Repository.Root, "models", model + ".onnx");

    private static (FloatGraph Graph, DataSet Images, ImmutableArray<int> Labels) Load(string model, string split)
    {
        if (!Directory.Exists(Folder))
        {
            Assert.Ignore("dataset-fashion-mnist is not installed");
        }

        var diagnostics = new DiagnosticBag();
        var graph = FloatModelLoader.Load(PathOf(model), diagnostics)!;
        var data = DataSetLoader.Load(Path.Combine(Folder, $"{split}-images-idx3-ubyte.gz"), graph.Tensors[graph.Inputs[0]].Shape, diagnostics)!;
        var labels = LabelFile.Load(Path.Combine(Folder, $"{split}-labels-idx1-ubyte.gz"), data.Count, diagnostics)!.Value;
        Assert.That(diagnostics.ToImmutable(), Is.Empty);
        return (graph, data, labels);
    }

    /// <summary>Sums of floats in another order may turn a tie.</summary>
    private static void AssertRight(ImmutableArray<float[]> outputs, ImmutableArray<int> labels, int right) =>
        Assert.That(Accuracy.Measure(outputs, labels, "labels", new DiagnosticBag())!.Correct, Is.EqualTo(right).Within(2));
}
