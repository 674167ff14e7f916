using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Import.Onnx.Float;

namespace Pqs.Tests.FloatModel;

/// <summary>An ONNX model imported and run here, against onnxruntime.</summary>
internal static class FloatComparison
{
    /// <summary>Largest difference, relative to the largest magnitude of the output: sums are formed in another order.</summary>
    public const double Tolerance = 1e-4;

    public static FloatGraph Import(byte[] model)
    {
        var diagnostics = new DiagnosticBag();
        var graph = FloatOnnxImporter.Import(model, "net.onnx", "net", diagnostics);
        Assert.That(diagnostics.ToImmutable().Where(d => d.Descriptor.Severity == Severity.Error).Select(d => $"{d}"), Is.Empty);
        return graph!;
    }

    /// <summary>Random inputs give the same outputs here and there.</summary>
    /// <returns>The graph.</returns>
    public static FloatGraph AssertEqual(byte[] model, int samples = 3, int seed = 7)
    {
        var graph = Import(model);
        using var oracle = new OnnxRuntimeOracle(model);
        var random = new Random(seed);
        for (var sample = 0; sample < samples; sample++)
        {
            float[][] inputs = [.. oracle.InputSizes.Select(sizes => Numbers(random, sizes.Aggregate(1, (product, size) => product * size)))];
            AssertEqual(graph, inputs, oracle);
        }

        return graph;
    }

    /// <summary>Of given inputs in the file's order.</summary>
    public static void AssertEqual(FloatGraph graph, float[][] inputs, OnnxRuntimeOracle oracle)
    {
        var sample = inputs.SelectMany((values, index) => ToGraph(values, oracle.InputSizes[index], [.. graph.Tensors[graph.Inputs[index]].Shape.Dimensions]));
        var values = FloatInterpreter.Run(graph, [.. sample]);
        foreach (var (position, (sizes, expected)) in oracle.Run(inputs).Index())
        {
            var tensor = graph.Tensors[graph.Outputs[position]];
            var wanted = ToGraph(expected, sizes, [.. tensor.Shape.Dimensions]);
            var actual = values[graph.Outputs[position]];
            Assert.That(actual, Has.Length.EqualTo(wanted.Length), tensor.Name);
            var scale = wanted.Select(Math.Abs).Where(float.IsFinite).DefaultIfEmpty(0).Max();
            Assert.That(actual, Is.EqualTo(wanted).Within(Tolerance * scale), $"output {position} {tensor.Name} {tensor.Shape}");
        }
    }

    /// <summary>N×C×H×W as N×H×W×C where the graph has it so.</summary>
    public static float[] ToGraph(float[] values, int[] sizes, int[] shape)
    {
        if (sizes.Length != 4 || !shape.SequenceEqual([sizes[0], sizes[2], sizes[3], sizes[1]]))
        {
            Assert.That(shape, Is.EqualTo(sizes.DefaultIfEmpty(1)));
            return values;
        }

        var result = new float[values.Length];
        var plane = sizes[2] * sizes[3];
        for (var i = 0; i < values.Length; i++)
        {
            var (image, channel, position) = (i / (sizes[1] * plane), i / plane % sizes[1], i % plane);
            result[(((image * plane) + position) * sizes[1]) + channel] = values[i];
        }

        return result;
    }

    private static float[] Numbers(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
}
