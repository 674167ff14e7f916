using System.Collections.Immutable;
using System.CommandLine;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Verification;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>The options of commands that build and run generated code, and that run itself.</summary>
internal sealed class VerificationOptions
{
    private readonly ModelOptions _model = new();
    private readonly SampleOptions _samples = new(areRequired: false);
    private readonly Option<string?> _name = CommonOptions.Name();

    private readonly Option<string> _targets = new("--targets", "-t")
    {
        Description = "Targets, separated by commas, or all; see pqs targets.",
        Required = true,
    };

    private readonly Option<string?> _work = new("--work")
    {
        Description = "Keep sources, objects, images and results in this folder [default: a temporary one that is removed].",
    };

    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "Seconds after which a run is stopped.",
        DefaultValueFactory = _ => 300,
    };

    private readonly Option<bool> _json = CommonOptions.Json();

    public VerificationOptions() => _timeout.Validators.Add(result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var seconds) && seconds is < 1 or > 86_400)
        {
            result.AddError("--timeout is 1 to 86400 seconds.");
        }
    });

    public void AddTo(Command command)
    {
        _model.AddTo(command);
        command.Options.Add(_targets);
        _samples.AddTo(command);
        command.Options.Add(_name);
        command.Options.Add(_work);
        command.Options.Add(_timeout);
        command.Options.Add(_json);
    }

    public bool IsJson(ParseResult result) => result.GetValue(_json);

    /// <summary>Does what the options say; null when something was reported to standard error.</summary>
    /// <param name="otherSchedule">Takes the place of the schedule that the options name, where it is not null.</param>
    public async Task<VerificationResult?> RunAsync(ParseResult result, CancellationToken cancellation, string? otherSchedule = null)
    {
        var diagnostics = new DiagnosticBag();
        var verified = await RunAsync(result, otherSchedule, diagnostics, cancellation).ConfigureAwait(false);
        Terminal.Write(diagnostics.ToImmutable());
        foreach (var outcome in verified?.Outcomes ?? [])
        {
            Terminal.Write(outcome.Diagnostics);
        }

        return verified;
    }

    private async Task<VerificationResult?> RunAsync(
        ParseResult result, string? otherSchedule, DiagnosticBag diagnostics, CancellationToken cancellation)
    {
        if (TargetArgument.Load(result.GetRequiredValue(_targets), diagnostics) is not { } targets
            || _model.Load(result, diagnostics, otherSchedule) is not { } graph
            || ModelOptions.Prefix(result.GetValue(_name), graph, diagnostics) is not { } prefix
            || _samples.Load(result, graph, null, diagnostics)?.Samples is not { } samples)
        {
            return null;
        }

        var plans = targets.Select(target => _model.Plan(result, graph, target, diagnostics)).OfType<ExecutionPlan>().ToImmutableArray();
        if (plans.Length < targets.Length)
        {
            return null;
        }

        var kept = otherSchedule != null && result.GetValue(_work) is { } folder ? Path.Combine(folder, "against") : result.GetValue(_work);
        if ((kept ?? CreateWorkFolder(diagnostics)) is not { } work)
        {
            return null;
        }

        try
        {
            Terminal.Progress($"interpreting {samples.Length} samples");
            var expectation = Expectation.Compute(graph, samples);
            var timeout = TimeSpan.FromSeconds(result.GetValue(_timeout));
            var outcomes = await Verifier.VerifyAsync(
                [.. targets.Zip(plans, (target, plan) => new VerificationJob(target, plan, prefix, expectation, work, timeout))],
                (ended, all) => Terminal.Progress($"{ended} of {all} builds verified"),
                diagnostics,
                cancellation).ConfigureAwait(false);
            Terminal.EndProgress();
            return outcomes is { } complete ? new VerificationResult(graph, samples.Length, complete) : null;
        }
        finally
        {
            if (kept == null)
            {
                RemoveWorkFolder(work);
            }
        }
    }

    private static string? CreateWorkFolder(DiagnosticBag diagnostics)
    {
        try
        {
            return Directory.CreateTempSubdirectory("pqs-").FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.OutputNotWritable, Path.GetTempPath(), exception.Message);
            return null;
        }
    }

    private static void RemoveWorkFolder(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is a temporary folder: the system removes it in time, and the verdict stands.
        }
    }
}

/// <summary>What commands that build and run generated code report on.</summary>
internal sealed record VerificationResult(Graph Graph, int Samples, ImmutableArray<BuildOutcome> Outcomes)
{
    public bool IsIdentical => Outcomes.All(outcome => outcome.Verdict == Verdict.Identical);
}
