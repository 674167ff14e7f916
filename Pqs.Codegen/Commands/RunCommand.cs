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
    /// <summary>Results longer than this are cut in the text for people.</summary>
    private const int ShownElements = 16;

    public static Command Create()
    {
        var model = new ModelOptions();
        var inputs = CommonOptions.Inputs();
        inputs.Required = true;
        var output = new Option<string?>("--output", "-o") { Description = "Write the outputs to .npy or .bin (raw int8, one sample after another)." };
        var layers = new Option<string?>("--layers") { Description = "Write each layer's output of each sample to this folder, as sample-N-layer-N.npy." };
        var json = CommonOptions.Json();
        var command = new Command("run", "Run a model in the reference interpreter.")
        {
            inputs,
            output,
            layers,
            json,
        };
        model.AddTo(command);
        command.SetAction(result => Run(
            model, result, result.GetRequiredValue(inputs)!, result.GetValue(output), result.GetValue(layers), result.GetValue(json)));
        return command;
    }

    private static int Run(ModelOptions model, ParseResult result, string inputs, string? output, string? layers, bool json)
    {
        var diagnostics = new DiagnosticBag();
        var graph = model.Load(result, diagnostics);
        var samples = graph == null ? null : SampleFile.Read(inputs, graph, diagnostics);
        if (graph != null && samples is { } present)
        {
            var results = Interpret(graph, present);
            var outputs = results.Select(values => Interpreter.Outputs(graph, values)).ToImmutableArray();
            if ((layers == null || WriteLayers(layers, graph, results, diagnostics)) && (output == null || WriteOutputs(output, graph, outputs, diagnostics)))
            {
                Print(graph, outputs, json);
            }
        }

        Terminal.Write(diagnostics.ToImmutable());
        return diagnostics.HasErrors ? ExitCode.Refused : ExitCode.Success;
    }

    private static ImmutableArray<ImmutableArray<sbyte[]>> Interpret(Graph graph, ImmutableArray<sbyte[]> samples)
    {
        var done = 0;
        var results = samples.AsParallel().AsOrdered().Select(sample =>
        {
            var values = Interpreter.Run(graph, sample);
            Terminal.Progress($"sample {Interlocked.Increment(ref done)} of {samples.Length}");
            return values;
        }).ToImmutableArray();
        Terminal.EndProgress();
        return results;
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
            bytes = new NpyFile([outputs.Length, .. shape[0] == 1 && shape.Length > 1 ? shape[1..] : shape], [.. outputs.SelectMany(o => o)]).ToBytes();
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
                var file = new NpyFile(graph.Tensors[node.Output].Shape.Dimensions, values[node.Output]);
                if (!OutputFile.Write(Path.Combine(folder, $"sample-{sample}-layer-{layer}.npy"), file.ToBytes(), diagnostics))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static void Print(Graph graph, ImmutableArray<sbyte[]> outputs, bool json)
    {
        if (json)
        {
            JsonOutput.Print(writer =>
            {
                writer.WriteString("model", graph.Name);
                writer.WriteStartArray("outputs");
                foreach (var output in outputs)
                {
                    writer.WriteStartArray();
                    foreach (var value in output)
                    {
                        writer.WriteNumberValue(value);
                    }

                    writer.WriteEndArray();
                }

                writer.WriteEndArray();
            });
            return;
        }

        foreach (var (sample, output) in outputs.Index())
        {
            var values = string.Join(' ', output.Take(ShownElements)) + (output.Length > ShownElements ? " ..." : "");
            Console.Out.WriteLine($"sample {sample}: largest at {Array.IndexOf(output, output.Max())}: {values}");
        }
    }
}
