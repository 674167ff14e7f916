using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using NUnit.Framework;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;

namespace Pqs.Tests.Onnx;

/// <summary>Quantized models by others: the graph has the operators that it should have, and computes what onnxruntime does but for its rounding.</summary>
internal sealed class QdqImportTests
{
    private static readonly SessionOptions Options = new()
    {
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
        IntraOpNumThreads = 1,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
    };

    public static IEnumerable<TestCaseData> Cases => QdqCases.All.Select(c => new TestCaseData(c).SetArgDisplayNames(c.ToString()));

    [TestCaseSource(nameof(Cases))]
    public void A_model_by_others_means_what_onnxruntime_computes(QdqCase @case)
    {
        var bytes = @case.Model();
        var graph = Import(bytes);
        if (@case.Operators.Length > 0)
        {
            Assert.That(string.Join(' ', graph.Nodes.Select(node => node.Operator.Name)), Is.EqualTo(@case.Operators));
        }

        using var session = new InferenceSession(bytes, Options);
        foreach (var (number, sample) in SampleGenerator.Generate(graph).Index())
        {
            var expected = Run(session, graph, sample);
            var actual = Interpreter.Outputs(graph, Interpreter.Run(graph, sample));
            Assert.That(actual, Has.Length.EqualTo(expected.Length));
            var worst = actual.Zip(expected, (a, e) => Math.Abs(a - e)).Max();
            Assert.That(worst, Is.LessThanOrEqualTo(1), $"sample {number}: {string.Join(' ', actual.Take(20))} where onnxruntime has {string.Join(' ', expected.Take(20))}");
        }
    }

    internal static Graph Import(byte[] bytes)
    {
        var diagnostics = new DiagnosticBag();
        var graph = ModelLoader.Import(bytes, "net.onnx", "net", diagnostics);
        Assert.That(diagnostics.ToImmutable().Select(d => d.ToString()), Is.Empty);
        return graph!;
    }

    /// <summary>The outputs for a sample of the graph, as integers in the graph's order.</summary>
    private static sbyte[] Run(InferenceSession session, Graph graph, sbyte[] sample)
    {
        var inputs = new List<NamedOnnxValue>();
        var offset = 0;
        foreach (var (name, id) in session.InputNames.Zip(graph.Inputs))
        {
            var tensor = graph.Tensors[id];
            var integers = sample[offset..(offset += tensor.Shape.ElementCount)];
            var (dimensions, type) = (session.InputMetadata[name].Dimensions, session.InputMetadata[name].ElementType);
            var ordered = IsTurned(dimensions, tensor.Shape) ? Turn(integers, tensor.Shape, toChannelsFirst: true) : integers;
            inputs.Add(type == typeof(sbyte) ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<sbyte>(ordered, dimensions))
                : type == typeof(byte) ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<byte>(ordered.Select(q => (byte)(q + 128)).ToArray(), dimensions))
                : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(ordered.Select(q => (q - tensor.Quantization.ZeroPoint) * tensor.Quantization.Scale).ToArray(), dimensions)));
        }

        using var results = session.Run(inputs, session.OutputNames);
        return [.. results.Zip(graph.Outputs).SelectMany(pair => Integers(pair.First, graph.Tensors[pair.Second]))];
    }

    private static sbyte[] Integers(DisposableNamedOnnxValue value, Pqs.Reference.Model.Tensor tensor)
    {
        var (dimensions, elements) = value.Value switch
        {
            Tensor<sbyte> signed => (signed.Dimensions.ToArray(), signed.ToArray()),
            Tensor<byte> unsigned => (unsigned.Dimensions.ToArray(), unsigned.Select(q => (sbyte)(q - 128)).ToArray()),
            Tensor<float> real => (real.Dimensions.ToArray(), real.Select(r => tensor.Quantization.Nearest(r)).ToArray()),
            _ => throw new InvalidOperationException("An output of another type."),
        };
        return IsTurned(dimensions, tensor.Shape) ? Turn(elements, tensor.Shape, toChannelsFirst: false) : elements;
    }

    /// <summary>Whether the file has N×C×H×W where the graph has N×H×W×C.</summary>
    private static bool IsTurned(int[] dimensions, Shape shape) =>
        dimensions.Length == 4 && shape.Rank == 4 && !shape.Dimensions.SequenceEqual(dimensions);

    private static sbyte[] Turn(sbyte[] elements, Shape shape, bool toChannelsFirst)
    {
        var (pixels, channels) = (shape[1] * shape[2], shape[3]);
        var turned = new sbyte[elements.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            var (image, pixel, channel) = (i / (pixels * channels), i / channels % pixels, i % channels);
            var other = (((image * channels) + channel) * pixels) + pixel;
            turned[toChannelsFirst ? other : i] = elements[toChannelsFirst ? i : other];
        }

        return turned;
    }
}
