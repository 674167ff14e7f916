using System.Security.Cryptography;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Import.Onnx.Float.Passes;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>
/// Reads a float32 ONNX model. Images, N×C×H×W in the file, are N×H×W×C in the graph, inputs and outputs included; a batch of unknown size is 1. Shapes follow
/// from those of the inputs; what the file says of others is not used.
/// </summary>
public static class FloatOnnxImporter
{
    /// <summary>Most inputs and outputs of a model.</summary>
    private const int MaximumEnds = 64;

    /// <param name="bytes">The whole file.</param>
    /// <param name="file">The file's name in diagnostics.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="diagnostics">Receives what cannot be imported.</param>
    /// <returns>A verified graph, or null when an error was reported.</returns>
    public static FloatGraph? Import(byte[] bytes, string file, string name, DiagnosticBag diagnostics)
    {
        if (OnnxSourceModel.Read(bytes, file, diagnostics) is not { } source || QuantizedModels.Refuse(source, diagnostics))
        {
            return null;
        }

        if (source.Inputs.Length + source.Outputs.Length is var ends && ends > MaximumEnds)
        {
            diagnostics.Report(DiagnosticDescriptors.GraphTooLarge, file, "inputs and outputs", ends, MaximumEnds);
            return null;
        }

        var scope = new OnnxScope(new Dictionary<string, OnnxValue>(StringComparer.Ordinal), new DraftGraph());
        if (GraphInputs.Read(source, scope, diagnostics) is not { } inputs
            || !NodeImport.Run(source, scope)
            || GraphOutputs.Read(source, scope, diagnostics) is not { } outputs)
        {
            return null;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var graph = ImportPasses.Run(new FloatGraph(name, hash, scope.Graph.Tensors, scope.Graph.Nodes, inputs, outputs));
        return FloatGraphVerifier.Verify(graph, diagnostics) ? graph : null;
    }
}
