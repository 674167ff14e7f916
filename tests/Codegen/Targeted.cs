using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Codegen.Verification;
using Pqs.Reference.Diagnostics;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>Networks on targets, each by its own plan.</summary>
internal static class Targeted
{
    /// <summary>Costs by which these kernels are chosen wherever they compute a layer.</summary>
    public static CostTable Only(params IEnumerable<string> kernels) => new(
        kernels.ToImmutableSortedDictionary(kernel => kernel, _ => ImmutableSortedDictionary<string, double>.Empty, StringComparer.Ordinal));

    /// <summary>Builds and runs a network; fails where any build is not identical with the interpreter, with the network's description.</summary>
    public static async Task<ImmutableArray<BuildOutcome>> VerifyAsync(ModelCase model, IEnumerable<string> targets, Func<Target, ExecutionPlan> plan)
    {
        var diagnostics = new DiagnosticBag();
        using var folder = new TemporaryFolder();
        var expectation = Expectation.Compute(model.Graph, model.Samples);
        var jobs = targets.Select(name => TargetCatalog.Load(Installation.TargetsFolder, name, diagnostics)!)
            .Select(target => new VerificationJob(target, plan(target), "m", expectation, folder.Path, TimeSpan.FromMinutes(10)));

        var outcomes = await Verifier.VerifyAsync([.. jobs], (_, _) => { }, diagnostics, CancellationToken.None);

        Assert.That(diagnostics.Lines(), Is.Empty);
        Assert.Multiple(() =>
        {
            foreach (var outcome in outcomes!.Value)
            {
                Assert.That(outcome.Mismatch, Is.Null, () => $"{outcome.Target} by {outcome.Runner}: {outcome.Mismatch}\n{model.Describe()}");
                Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Identical), () => $"{outcome.Target} by {outcome.Runner}: {string.Join('\n', outcome.Diagnostics)}");
            }
        });
        return outcomes!.Value;
    }
}
