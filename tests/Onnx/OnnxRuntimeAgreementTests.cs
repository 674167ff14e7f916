using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using NUnit.Framework;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Export;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.Reference;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Onnx;

/// <summary>onnxruntime runs exported models, and computes what the interpreter does but for its rounding.</summary>
internal sealed class OnnxRuntimeAgreementTests
{
    private static readonly string[] Models = ["example", "kws", "resnet8", "ad01"];

    [TestCaseSource(nameof(Models))]
    public void Each_layer_differs_by_at_most_1_from_the_same_inputs(string name)
    {
        var (graph, samples) = Model(name);
        AssertLayers(graph, samples, name);
    }

    [Test]
    public void Each_layer_of_a_random_model_differs_by_at_most_1_from_the_same_inputs()
    {
        for (var number = 0u; number < (Property.IsLong ? 5000 : 200); number++)
        {
            var graph = OnnxRoundTripTests.WithRandomRounding(InterpreterTests.Import(RandomModel.Numbered(number, 6)), (int)number);
            AssertLayers(graph, SampleGenerator.Generate(graph), $"random model {number}");
        }
    }

    /// <summary>
    /// With single rounding, as models made by this tool have it, differences hardly occur, and none is left to grow: onnxruntime gives the same class and, but for a
    /// difference of 1, the same numbers.
    /// </summary>
    [TestCase("example", GraphOptimizationLevel.ORT_DISABLE_ALL)]
    [TestCase("example", GraphOptimizationLevel.ORT_ENABLE_ALL)]
    [TestCase("kws", GraphOptimizationLevel.ORT_DISABLE_ALL)]
    [TestCase("kws", GraphOptimizationLevel.ORT_ENABLE_ALL)]
    [TestCase("ad01", GraphOptimizationLevel.ORT_DISABLE_ALL)]
    [TestCase("ad01", GraphOptimizationLevel.ORT_ENABLE_ALL)]
    public void Outputs_of_a_model_with_single_rounding_differ_by_at_most_1(string name, GraphOptimizationLevel level)
    {
        var (graph, samples) = Model(name);
        AssertOutputs(SingleRounding(graph), samples, level, graph.Outputs[0]);
    }

    /// <summary>
    /// Its means are sometimes exactly a half, which the two round differently, and its last layers make much of that: up to the mean there is no difference of more
    /// than 1, and the class is the same.
    /// </summary>
    [TestCase(GraphOptimizationLevel.ORT_DISABLE_ALL)]
    [TestCase(GraphOptimizationLevel.ORT_ENABLE_ALL)]
    public void Outputs_of_a_residual_network_with_single_rounding_have_the_same_class(GraphOptimizationLevel level)
    {
        var (graph, samples) = Model("resnet8");
        AssertOutputs(SingleRounding(graph), samples, level, graph.Nodes.Single(node => node.Operator is AveragePool2D).Output);
    }

    /// <summary>
    /// Double rounding differs from onnxruntime's more often, and a difference of 1 in an early layer grows on its way. Where the two classes differ, the interpreter's
    /// scores of both are near each other.
    /// </summary>
    [TestCase("example")]
    [TestCase("kws")]
    [TestCase("resnet8")]
    public void Outputs_of_a_model_with_double_rounding_have_the_same_class_unless_two_are_near(string name)
    {
        var (graph, samples) = Model(name);
        using var oracle = new Int8Oracle(graph, Export(graph), everyTensor: false);
        foreach (var (number, sample) in samples.Index())
        {
            var scores = Interpreter.Outputs(graph, Interpreter.Run(graph, sample));
            var other = oracle.Run(sample)[graph.Outputs[0]]!;
            var (mine, theirs) = (ClassOf(scores), ClassOf(other));
            Assert.That(mine == theirs || scores[mine] - scores[theirs] <= 48, $"sample {number}: {mine} with {scores[mine]}, {theirs} with {scores[theirs]}");
        }
    }

    private static void AssertOutputs(Graph graph, ImmutableArray<sbyte[]> samples, GraphOptimizationLevel level, int lastExact)
    {
        var bytes = Export(graph);
        using var every = new Int8Oracle(graph, bytes, everyTensor: true, level);
        using var outputs = new Int8Oracle(graph, bytes, everyTensor: false, level);
        foreach (var (number, sample) in samples.Index())
        {
            var expected = Interpreter.Run(graph, sample);
            var actual = outputs.Run(sample)[graph.Outputs[0]]!;
            Assert.That(ClassOf(actual), Is.EqualTo(ClassOf(expected[graph.Outputs[0]])), $"class of sample {number}");
            var compared = lastExact == graph.Outputs[0] ? actual : every.Run(sample)[lastExact]!;
            Assert.That(Worst(expected[lastExact], compared), Is.LessThanOrEqualTo(1), $"sample {number}");
        }
    }

    private static void AssertLayers(Graph graph, ImmutableArray<sbyte[]> samples, string name)
    {
        using var oracle = new Int8Oracle(graph, Export(graph), everyTensor: true);
        foreach (var (number, sample) in samples.Index())
        {
            var seen = oracle.Run(sample);
            foreach (var node in graph.Nodes)
            {
                Assert.That(Worst(Alone(graph, node, seen), seen[node.Output]!), Is.LessThanOrEqualTo(1), $"{name}, sample {number}, {node.Origin}");
            }
        }
    }

    /// <summary>One node by the interpreter, on the inputs that onnxruntime saw.</summary>
    private static sbyte[] Alone(Graph graph, Node node, ImmutableArray<sbyte[]?> seen)
    {
        ImmutableArray<int> inputs = [.. node.Inputs.Distinct()];
        var alone = graph with { Nodes = [node], Inputs = inputs, Outputs = [node.Output] };
        return Interpreter.Run(alone, inputs.SelectMany(id => seen[id]!).ToArray())[node.Output];
    }

    private static Graph SingleRounding(Graph graph) => graph with
    {
        Nodes = [.. graph.Nodes.Select(node => node.Operator is DotProductOperator dot ? node with { Operator = dot with { Rounding = Rounding.Single } } : node)],
    };

    private static (Graph Graph, ImmutableArray<sbyte[]> Samples) Model(string name)
    {
        if (name == "example")
        {
            var example = OnnxRoundTripTests.Load(Path.Combine(Repository.Root, "models", "example.tflite"));
            return (example, SampleGenerator.Generate(example));
        }

        var folder = SharedModels.Folder(name);
        var graph = OnnxRoundTripTests.Load(Path.Combine(folder, "model.tflite"));
        return (graph, [.. MemoryMarshal.Cast<byte, sbyte>(File.ReadAllBytes(Path.Combine(folder, "inputs.bin"))).ToArray().Chunk(graph.InputBytes)]);
    }

    private static byte[] Export(Graph graph) => OnnxExporter.Export(graph, new DiagnosticBag()) ?? throw new InvalidOperationException("The graph cannot be exported.");

    private static int Worst(sbyte[] first, sbyte[] second) => first.Zip(second, (a, b) => Math.Abs(a - b)).Max();

    private static int ClassOf(sbyte[] scores) => Array.IndexOf(scores, scores.Max());
}
