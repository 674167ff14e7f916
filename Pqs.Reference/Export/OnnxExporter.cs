using System.Globalization;
using Google.Protobuf;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Export;

/// <summary>
/// Writes a graph as a PQS model file (docs/model-format.md): an ONNX model in which every tensor is an int8 value between QuantizeLinear and DequantizeLinear,
/// weights are integers, and metadata says what ONNX cannot. Its import gives the graph again, number for number.
/// </summary>
public static class OnnxExporter
{
    /// <summary>The first operator set with a scale for each channel, and with bounds of Clip as inputs.</summary>
    private const int Opset = 13;

    /// <summary>The first operator set with weights of four bits.</summary>
    private const int OpsetOfInt4 = 21;

    /// <param name="graph">A graph that <see cref="GraphVerifier"/> accepts.</param>
    /// <param name="diagnostics">Receives what cannot be written.</param>
    /// <returns>The file's bytes, the same for equal graphs; null when an error was reported.</returns>
    public static byte[]? Export(Graph graph, DiagnosticBag diagnostics)
    {
        if (!GraphVerifier.Verify(graph, diagnostics))
        {
            return null;
        }

        var tensors = new TensorExport(graph);
        var metadata = new List<KeyValuePair<string, string>> { new(PqsMetadata.VersionKey, PqsMetadata.Version) };
        tensors.AddInputs();
        foreach (var (layer, node) in graph.Nodes.Index())
        {
            tensors.Builder.NodePrefix = string.Create(CultureInfo.InvariantCulture, $"layer{layer}/");
            if (NodeExport.Write(tensors, node) is { } said)
            {
                metadata.Add(new(PqsMetadata.LayerPrefix + tensors.NameOf(node.Output), LayerMetadataText.Write(said)));
            }
        }

        tensors.AddOutputs();
        metadata.AddRange(tensors.Metadata());
        var bytes = Model(graph, tensors.Builder.Graph, metadata).ToByteArray();
        if (bytes.Length > ModelLoader.MaximumFileBytes)
        {
            diagnostics.Report(DiagnosticDescriptors.FileTooLarge, graph.Name, bytes.Length, ModelLoader.MaximumFileBytes);
            return null;
        }

        return bytes;
    }

    private static ModelProto Model(Graph graph, GraphProto body, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        // Each operator set has a version of the format that it came with; older readers look at that first.
        var usesInt4 = graph.Nodes.Any(node => node.Operator is DotProductOperator dot && WeightExport.IsInt4(dot));
        body.Name = graph.Name;
        return new ModelProto
        {
            IrVersion = usesInt4 ? 10 : 7,
            ProducerName = "pqs",
            ProducerVersion = typeof(OnnxExporter).Assembly.GetName().Version?.ToString(3) ?? "",
            OpsetImport = { new OperatorSetIdProto { Version = usesInt4 ? OpsetOfInt4 : Opset } },
            Graph = body,
            MetadataProps = { metadata.Select(entry => new StringStringEntryProto { Key = entry.Key, Value = entry.Value }) },
        };
    }
}
