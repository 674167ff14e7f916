using System.CommandLine;
using Pqs.Codegen.Emission;
using Pqs.Compress.FromQuantized;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Export;
using Pqs.Reference.Import;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary><c>pqs compress</c>: a PQS model from another one.</summary>
internal static class CompressCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("model") { Description = "A quantized model (.tflite or .onnx)." };
        var fromQuantized = new Option<bool>("--from-quantized") { Description = "The model is quantized already: prune its integers by magnitude.", Required = true };
        var output = new Option<string>("--output", "-o") { Description = "Write the compressed model to this file (.onnx).", Required = true };
        var weights = new CompressWeightOptions();
        var accumulators = new AccumulatorOptions();
        var command = new Command("compress", "Make a PQS model: pruned, quantized, with narrow accumulators.")
        {
            model,
            fromQuantized,
            output,
        };
        weights.AddTo(command);
        accumulators.AddTo(command);
        command.SetAction(result =>
        {
            var diagnostics = new DiagnosticBag();
            var graph = FromQuantized(result.GetRequiredValue(model), weights, accumulators, result, diagnostics);
            if (graph != null && Write(graph, result.GetRequiredValue(output), diagnostics))
            {
                CompressTable.Print(graph);
            }

            Terminal.Write(diagnostics.ToImmutable());
            return diagnostics.HasErrors ? ExitCode.Refused : ExitCode.Success;
        });
        return command;
    }

    private static Graph? FromQuantized(
        string path, CompressWeightOptions weights, AccumulatorOptions accumulators, ParseResult result, DiagnosticBag diagnostics) =>
        weights.Read(result, diagnostics) is { } requests
        && ModelLoader.Load(path, diagnostics) is { } graph
        && QuantizedCompressor.Run(graph, requests, diagnostics) is { } compressed
            ? accumulators.Apply(result, compressed, null, diagnostics)
            : null;

    private static bool Write(Graph graph, string path, DiagnosticBag diagnostics) =>
        OnnxExporter.Export(graph, diagnostics) is { } bytes && OutputFile.Write(path, bytes, diagnostics);
}
