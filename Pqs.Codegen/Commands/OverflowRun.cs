using System.CommandLine;
using System.Text;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Commands;

/// <summary><c>pqs run</c> with a range of widths: what overflows in accumulators of each.</summary>
internal sealed class OverflowRun(ModelOptions model)
{
    private readonly Option<string?> _csv = new("--csv")
    {
        Description = "With a range of widths, also write the counts of each layer, channel and width to this file, as CSV.",
    };

    /// <param name="outputs">Options that ask for the network's results, of which there are none here.</param>
    public void AddTo(Command command, params Option[] outputs)
    {
        command.Options.Add(_csv);
        command.Validators.Add(result =>
        {
            var isRange = model.Accumulators.IsRange(result);
            if (!isRange && result.GetResult(_csv) != null)
            {
                result.AddError("--csv needs a range of widths, such as --accumulator-bits 10..20.");
            }

            foreach (var option in outputs.Where(option => isRange && result.GetResult(option) != null))
            {
                result.AddError($"{option.Name} makes no sense with a range of widths.");
            }
        });
    }

    public int Run(ParseResult result, SampleOptions options, bool json)
    {
        var diagnostics = new DiagnosticBag();
        var widths = model.Accumulators.Widths(result, diagnostics);
        var graph = widths == null ? null : model.Load(result, diagnostics);
        var plan = graph == null ? null : Planner.Plan(graph, diagnostics);
        var samples = plan == null ? null : options.Load(result, plan.Graph, null, diagnostics)?.Samples;
        using var program = samples == null ? null : NetworkProgram.Create(plan!, widths, diagnostics);
        if (program != null && samples is { } present)
        {
            var statistics = OverflowAnalysis.Run(program, present, done => Terminal.Progress($"sample {done} of {present.Length}"));
            Terminal.EndProgress();
            if (result.GetValue(_csv) is not { } path || OutputFile.Write(path, Encoding.UTF8.GetBytes(OverflowCsv.Format(statistics)), diagnostics))
            {
                Print(plan!, statistics, json);
            }
        }

        Terminal.Write(diagnostics.ToImmutable());
        return diagnostics.HasErrors ? ExitCode.Refused : ExitCode.Success;
    }

    private static void Print(ExecutionPlan plan, OverflowStatistics statistics, bool json)
    {
        if (json)
        {
            JsonOutput.Print(writer => OverflowJson.Write(writer, plan.Graph, statistics));
        }
        else
        {
            OverflowTable.Print(statistics);
        }
    }
}
