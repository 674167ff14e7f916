using System.Collections.Immutable;
using System.CommandLine;
using System.Runtime.InteropServices;
using Pqs.Codegen.Emission;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary><c>pqs run</c>: the reference interpreter.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var model = new ModelOptions(takesRange: true, areForCode: false);
        var overflows = new OverflowRun(model);
        var samples = new SampleOptions(areRequired: true);
        var labels = new Option<string?>("--labels")
        {
            Description = "The right class of each sample, to show the accuracy [default: the labels that the samples have with them].",
        };
        var output = new Option<string?>("--output", "-o") { Description = "Write the outputs to .npy or .bin (raw int8, one sample after another)." };
        var layers = new Option<string?>("--layers") { Description = "Write each layer's output of each sample to this folder, as sample-N-layer-N.npy." };
        var json = CommonOptions.Json();
        var command = new Command("run", "Run a model in the reference interpreter, or count what overflows in narrow accumulators.")
        {
            labels,
            output,
            layers,
            json,
        };
        model.AddTo(command);
        samples.AddTo(command);
        overflows.AddTo(command, labels, output, layers);
        command.SetAction(result => model.Accumulators.IsRange(result) ? overflows.Run(result, samples, result.GetValue(json)) : Run(
            model, samples, result, result.GetValue(labels), result.GetValue(output), result.GetValue(layers), result.GetValue(json)));
        return command;
    }

    private static int Run(ModelOptions model, SampleOptions options, ParseResult result, string? labels, string? output, string? layers, bool json)
    {
        var diagnostics = new DiagnosticBag();
        var graph = model.Load(result, diagnostics);
        var samples = graph == null ? null : options.Load(result, graph, labels, diagnostics);
        if (graph != null && samples != null)
        {
            var results = Interpret(graph, samples.Samples, keepsLayers: layers != null);
            ImmutableArray<sbyte[]> outputs = [.. results.Select(run => run.Output)];
            if ((layers == null || WriteLayers(layers, graph, [.. results.Select(run => run.Values)], diagnostics))
                && (output == null || WriteOutputs(output, graph, outputs, diagnostics))
                && TryMeasure(graph, outputs, samples.Labels, labels, diagnostics, out var accuracy))
            {
                Print(graph, outputs, accuracy, json);
            }
        }

        Terminal.Write(diagnostics.ToImmutable());
        return diagnostics.HasErrors ? ExitCode.Refused : ExitCode.Success;
    }

    /// <summary>Runs all samples. The values of a layer are kept only where they are needed: there may be many samples.</summary>
    private static ImmutableArray<(sbyte[] Output, ImmutableArray<sbyte[]> Values)> Interpret(
        Graph graph, ImmutableArray<sbyte[]> samples, bool keepsLayers)
    {
        var done = 0;
        var results = samples.AsParallel().AsOrdered().Select(sample =>
        {
            var values = Interpreter.Run(graph, sample);
            Terminal.Progress($"sample {Interlocked.Increment(ref done)} of {samples.Length}");
            return (Interpreter.Outputs(graph, values), keepsLayers ? values : []);
        }).ToImmutableArray();
        Terminal.EndProgress();
        return results;
    }

    /// <param name="file">The file of labels that the user asked for; null for labels that the samples have with them.</param>
    /// <returns>False when an error was reported; the accuracy is null where there are no labels.</returns>
    private static bool TryMeasure(
        Graph graph, ImmutableArray<sbyte[]> outputs, ImmutableArray<int>? labels, string? file, DiagnosticBag diagnostics, out Accuracy? accuracy)
    {
        accuracy = null;
        if (labels is not { } present || (graph.Outputs.Length != 1 && file == null))
        {
            return true;
        }

        if (graph.Outputs.Length != 1)
        {
            diagnostics.Report(DiagnosticDescriptors.AccuracyManyOutputs, graph.Name, graph.Outputs.Length);
            return false;
        }

        accuracy = Accuracy.Measure(outputs, present, file == null ? "labels" : Path.GetFileName(file), diagnostics);
        return accuracy != null;
    }

    private static bool WriteOutputs(string path, Graph graph, ImmutableArray<sbyte[]> outputs, DiagnosticBag diagnostics)
    {
        var bytes = MemoryMarshal.AsBytes<sbyte>([.. outputs.SelectMany(output => output)]).ToArray();
        if (Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase))
        {
            if (graph.Outputs.Length != 1)
            {
                diagnostics.Report(DiagnosticDescriptors.NpyManyOutputs, path, graph.Outputs.Length);
                return false;
            }

            var shape = graph.Tensors[graph.Outputs[0]].Shape.Dimensions;
            bytes = NpyFile.ToBytes([outputs.Length, .. shape[0] == 1 && shape.Length > 1 ? shape[1..] : shape], MemoryMarshal.Cast<byte, sbyte>(bytes));
        }
        else if (!Path.GetExtension(path).Equals(".bin", StringComparison.OrdinalIgnoreCase))
        {
            diagnostics.Report(DiagnosticDescriptors.SampleFormat, path);
            return false;
        }

        return OutputFile.Write(path, bytes, diagnostics);
    }

    private static bool WriteLayers(string folder, Graph graph, ImmutableArray<ImmutableArray<sbyte[]>> results, DiagnosticBag diagnostics)
    {
        foreach (var (sample, values) in results.Index())
        {
            foreach (var (layer, node) in graph.Nodes.Index())
            {
                var file = NpyFile.ToBytes(graph.Tensors[node.Output].Shape.Dimensions, values[node.Output]);
                if (!OutputFile.Write(Path.Combine(folder, $"sample-{sample}-layer-{layer}.npy"), file, diagnostics))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void Print(Graph graph, ImmutableArray<sbyte[]> outputs, Accuracy? accuracy, bool json)
    {
        if (json)
        {
            RunOutput.PrintJson(graph, outputs, accuracy);
        }
        else
        {
            RunOutput.PrintText(outputs, accuracy);
        }
    }
}
