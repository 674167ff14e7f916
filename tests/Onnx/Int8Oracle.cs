using System.Collections.Immutable;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Pqs.Reference.Export;
using Pqs.Reference.Model;
using Pqs.Reference.Onnx;

namespace Pqs.Tests.Onnx;

/// <summary>What onnxruntime computes of an exported graph, in the graph's own order of elements.</summary>
internal sealed class Int8Oracle : IDisposable
{
    private readonly Graph _graph;
    private readonly TensorExport _tensors;
    private readonly SessionOptions _options;
    private readonly InferenceSession _session;

    /// <param name="graph">The graph.</param>
    /// <param name="model">What it was exported to.</param>
    /// <param name="everyTensor">Whether to see all tensors or the outputs only.</param>
    /// <param name="level">How far the runtime may change the model; without optimization it computes between the quantizing nodes in float32.</param>
    public Int8Oracle(Graph graph, byte[] model, bool everyTensor, GraphOptimizationLevel level = GraphOptimizationLevel.ORT_DISABLE_ALL)
    {
        _graph = graph;
        _tensors = new TensorExport(graph);
        _options = new SessionOptions { GraphOptimizationLevel = level, IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        _session = new InferenceSession(everyTensor ? WithOutputs(model) : model, _options);
    }

    /// <summary>The elements of each tensor, by tensor id; of all but the outputs null, unless all are wanted.</summary>
    public ImmutableArray<sbyte[]?> Run(sbyte[] sample)
    {
        var inputs = new List<NamedOnnxValue>();
        var values = new sbyte[_graph.Tensors.Length][];
        var offset = 0;
        foreach (var id in _graph.Inputs)
        {
            var shape = _graph.Tensors[id].Shape;
            values[id] = sample[offset..(offset += shape.ElementCount)];
            inputs.Add(NamedOnnxValue.CreateFromTensor(_tensors.NameOf(id), new DenseTensor<sbyte>(values[id], [.. shape.Dimensions])));
        }

        using var results = _session.Run(inputs, _session.OutputNames);
        var found = results.ToDictionary(result => result.Name, result => result.AsTensor<sbyte>().ToArray());
        foreach (var id in _graph.Nodes.Select(node => node.Output).Where(id => found.ContainsKey(_tensors.NameOf(id))))
        {
            values[id] = InGraphOrder(id, found[_tensors.NameOf(id)]);
        }

        return [.. values];
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }

    /// <summary>Makes every tensor an output.</summary>
    private static byte[] WithOutputs(byte[] bytes)
    {
        var model = ModelProto.Parser.ParseFrom(bytes);
        model.Graph.Output.Add(model.Graph.ValueInfo);
        model.Graph.ValueInfo.Clear();
        return model.ToByteArray();
    }

    private sbyte[] InGraphOrder(int tensor, sbyte[] elements)
    {
        if (!_tensors.IsChannelsFirst(tensor))
        {
            return elements;
        }

        var shape = _graph.Tensors[tensor].Shape;
        var (pixels, channels) = (shape[1] * shape[2], shape[3]);
        var ordered = new sbyte[elements.Length];
        for (var i = 0; i < ordered.Length; i++)
        {
            var (image, pixel, channel) = (i / (pixels * channels), i / channels % pixels, i % channels);
            ordered[i] = elements[(((image * channels) + channel) * pixels) + pixel];
        }

        return ordered;
    }
}
