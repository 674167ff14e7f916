using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.FlatBuffers;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.TfLite.Operators;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Import.TfLite;

/// <summary>
/// Reads an int8 TensorFlow Lite model (schema version 3, quantization specification of TensorFlow Lite 8-bit). The result means what
/// TensorFlow Lite's reference kernels compute: 32-bit accumulators, double rounding.
/// </summary>
public static class TfLiteImporter
{
    /// <summary>Bytes at the start of a file that tell its format: a 4-byte offset and the identifier.</summary>
    private const int HeaderBytes = 8;

    private const string Supported =
        "ADD, AVERAGE_POOL_2D, CONV_2D, DEPTHWISE_CONV_2D, EXPAND_DIMS, FULLY_CONNECTED, MAX_POOL_2D, PAD, RESHAPE, SOFTMAX, SQUEEZE";

    /// <param name="bytes">The whole file.</param>
    /// <param name="file">The file's name in diagnostics.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="diagnostics">Receives what cannot be imported.</param>
    /// <returns>A verified graph, or null when an error was reported.</returns>
    public static Graph? Import(byte[] bytes, string file, string name, DiagnosticBag diagnostics)
    {
        if (Open(bytes, file, diagnostics) is not { } source)
        {
            return null;
        }

        var graph = Assemble(source, file, name, Convert.ToHexStringLower(SHA256.HashData(bytes)), diagnostics);
        return graph != null && GraphVerifier.Verify(graph, diagnostics) ? graph : null;
    }

    /// <summary>True for bytes that begin as a TensorFlow Lite model does.</summary>
    internal static bool Resembles(ReadOnlySpan<byte> bytes) => bytes.Length >= HeaderBytes && bytes[4..HeaderBytes].SequenceEqual("TFL3"u8);

    /// <summary>The contents of a file whose structure is sound, or null when an error was reported.</summary>
    internal static SourceModel? Open(byte[] bytes, string file, DiagnosticBag diagnostics)
    {
        if (!Resembles(bytes))
        {
            diagnostics.Report(DiagnosticDescriptors.FormatUnknown, file, bytes.Length < HeaderBytes ? "it is too short" : "its identifier is missing");
            return null;
        }

        if (!TfLiteBufferVerifier.Verify(bytes))
        {
            diagnostics.Report(DiagnosticDescriptors.FileMalformed, file, "an offset or a size leads outside the file");
            return null;
        }

        return SourceModel.Read(FlatTable.Root(new ByteBuffer(bytes)), file, diagnostics);
    }

    /// <summary>False, reported, for operators that are not imported.</summary>
    internal static bool RequireSupported(SourceNode node)
    {
        if (!IsSupported(node.Code))
        {
            node.Diagnostics.Report(DiagnosticDescriptors.OperatorUnsupported, node.Place, BuiltinOperator.Name(node.Code), Supported);
        }

        return IsSupported(node.Code);
    }

    private static Graph? Assemble(SourceModel source, string file, string name, string hash, DiagnosticBag diagnostics)
    {
        var tensors = ImmutableArray.CreateBuilder<Tensor>();
        var ids = new Dictionary<int, int>();
        foreach (var input in source.Inputs)
        {
            if (input.ReadActivation($"{source.File}: graph input", diagnostics) is { } tensor)
            {
                Identify(tensor);
            }
        }

        var nodes = ImmutableArray.CreateBuilder<Node>();
        foreach (var sourceNode in source.LiveNodes(diagnostics))
        {
            if (ImportNode(sourceNode) is { } imported)
            {
                nodes.Add(new Node(
                    sourceNode.Origin, imported.Operator, [.. imported.Inputs.Select(Identify)], Identify(imported.Output)));
            }
        }

        foreach (var output in source.Outputs.Where(output => nodes.Count > 0 && !ids.ContainsKey(output.Index) && !diagnostics.HasErrors))
        {
            diagnostics.Report(DiagnosticDescriptors.OutputNotWritten, file, output.QuotedName);
        }

        if (diagnostics.HasErrors)
        {
            return null;
        }

        return new Graph(
            name, hash, tensors.ToImmutable(), nodes.ToImmutable(), [.. source.Inputs.Select(input => ids[input.Index])], [.. source.Outputs.Select(output => ids.GetValueOrDefault(output.Index, -1))]);

        int Identify(Tensor tensor)
        {
            if (!ids.TryGetValue(tensor.SourceIndex, out var id))
            {
                id = tensors.Count;
                ids.Add(tensor.SourceIndex, id);
                tensors.Add(tensor);
            }

            return id;
        }
    }

    /// <summary>Reads tensors first, then the operator; null when something was reported.</summary>
    private static (Operator Operator, ImmutableArray<Tensor> Inputs, Tensor Output)? ImportNode(SourceNode node)
    {
        if (!RequireSupported(node) || node.ReadInputActivation(0) is not { } input || node.ReadOutputActivation() is not { } output)
        {
            return null;
        }

        Operator? imported = node.Code switch
        {
            BuiltinOperator.Conv2D => Conv2DImporter.Import(node, input, output),
            BuiltinOperator.DepthwiseConv2D => DepthwiseConv2DImporter.Import(node, input, output),
            BuiltinOperator.FullyConnected => FullyConnectedImporter.Import(node, input, output),
            BuiltinOperator.Add => AddImporter.Import(node, input, output),
            BuiltinOperator.AveragePool2D or BuiltinOperator.MaxPool2D => Pool2DImporter.Import(node, input, output),
            BuiltinOperator.Softmax => SoftmaxImporter.Import(node, input, output),
            BuiltinOperator.Pad => PadImporter.Import(node, input, output),
            _ => new Reshape(),
        };
        if (imported == null)
        {
            return null;
        }

        return imported is Add
            ? (imported, [input, node.ReadInputActivation(1)!], output)
            : (imported, [input], output);
    }

    private static bool IsSupported(int code) => code is
        BuiltinOperator.Add or BuiltinOperator.AveragePool2D or BuiltinOperator.Conv2D or BuiltinOperator.DepthwiseConv2D
        or BuiltinOperator.ExpandDims or BuiltinOperator.FullyConnected or BuiltinOperator.MaxPool2D or BuiltinOperator.Pad
        or BuiltinOperator.Reshape or BuiltinOperator.Softmax or BuiltinOperator.Squeeze;
}
