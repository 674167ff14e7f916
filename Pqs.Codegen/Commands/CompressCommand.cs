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
        var model = new Argument<string>("model") { Description = "A float model (.onnx or .tflite); a quantized one with --from-quantized." };
        var fromQuantized = new Option<bool>("--from-quantized") { Description = "The model is quantized already: prune its integers by magnitude." };
        var output = new Option<string>("--output", "-o") { Description = "Write the compressed model to this file (.onnx).", Required = true };
        var json = CommonOptions.Json();
        var weights = new CompressWeightOptions();
        var accumulators = new AccumulatorOptions();
        var multipliers = new MultiplierOption();
        var fromFloat = new CompressFloat(model, weights, accumulators, multipliers);
        var command = new Command("compress", "Make a PQS model: pruned, quantized, with narrow accumulators.")
        {
            model,
            output,
        };
        weights.AddTo(command);
        accumulators.AddTo(command);
        multipliers.AddTo(command);
        command.Options.Single(option => option.Name == CompressFloat.AccumulatorBits).Description =
            "Width of the accumulators, 8 to 32 bits, or auto, the narrowest that --max-accuracy-drop allows [default: 32; 16 where --schedule is given].";
        fromFloat.AddTo(command);
        command.Options.Add(fromQuantized);
        command.Options.Add(json);
        command.Validators.Add(result =>
        {
            if (!result.GetValue(fromQuantized))
            {
                fromFloat.Require(result);
                return;
            }

            foreach (var option in fromFloat.Options.Where(option => result.GetResult(option) is { Implicit: false }))
            {
                result.AddError($"{option.Name} makes no sense with --from-quantized.");
            }
        });
        command.SetAction(result =>
        {
            var diagnostics = new DiagnosticBag();
            var report = result.GetValue(fromQuantized)
                ? FromQuantized(result.GetRequiredValue(model), weights, accumulators, multipliers, result, diagnostics)
                : fromFloat.Run(result, diagnostics);
            Terminal.EndProgress();
            if (report != null && Write(report.Graph, result.GetRequiredValue(output), diagnostics))
            {
                Print(report, result.GetValue(json));
            }

            Terminal.Write(diagnostics.ToImmutable());
            return diagnostics.HasErrors ? ExitCode.Refused : ExitCode.Success;
        });
        return command;
    }

    private static CompressReport? FromQuantized(
        string path,
        CompressWeightOptions weights,
        AccumulatorOptions accumulators,
        MultiplierOption multipliers,
        ParseResult result,
        DiagnosticBag diagnostics) =>
        weights.Read(result, diagnostics) is { } requests
        && ModelLoader.Load(path, diagnostics) is { } graph
        && QuantizedCompressor.Run(graph, requests, multipliers.Read(result), diagnostics) is { } compressed
        && accumulators.Apply(result, compressed, null, diagnostics) is { } narrow
            ? new CompressReport(narrow, [], null, null, [])
            : null;

    private static bool Write(Graph graph, string path, DiagnosticBag diagnostics) =>
        OnnxExporter.Export(graph, diagnostics) is { } bytes && OutputFile.Write(path, bytes, diagnostics);

    private static void Print(CompressReport report, bool isJson)
    {
        if (isJson)
        {
            JsonOutput.Print(writer => CompressJson.Write(writer, report));
        }
        else
        {
            CompressTable.Print(report);
        }
    }
}
