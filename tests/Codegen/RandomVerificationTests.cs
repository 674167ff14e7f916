using NUnit.Framework;
using Pqs.Codegen.Emulation;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Codegen.Verification;
using Pqs.Reference.Diagnostics;
using Pqs.Tests.TfLite;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>Networks of many random layers, verified as users verify theirs: by every host compiler and on every core.</summary>
internal sealed class RandomVerificationTests
{
    private static readonly int Networks = Environment.GetEnvironmentVariable("PQS_LONG") == "1" ? 40 : 1;

    public static IEnumerable<uint> Numbers => Enumerable.Range(1, Networks).Select(number => (uint)number);

    [TestCaseSource(nameof(Numbers))]
    public async Task Every_target_computes_what_the_interpreter_does(uint number)
    {
        Tools.Require("gcc", "clang-16", "arm-none-eabi-gcc", Qemu.Tool);
        var graph = Graphs.Import(RandomModel.Numbered(number, 40));

        // Every other layer gets the rounding that no imported model has.
        var single = Graphs.WithSingleRounding(graph);
        var model = ModelCase.Of(graph with { Nodes = [.. graph.Nodes.Zip(single.Nodes).Select((pair, index) => index % 2 == 0 ? pair.First : pair.Second)] });
        var diagnostics = new DiagnosticBag();
        using var folder = new TemporaryFolder();
        var job = new VerificationJob(
            ModelBatch.Plan(model.Graph), "m", Expectation.Compute(model.Graph, model.Samples), folder.Path, TimeSpan.FromMinutes(3));
        var targets = TargetCatalog.Names(Installation.TargetsFolder)
            .Select(name => TargetCatalog.Load(Installation.TargetsFolder, name, diagnostics)!);

        var outcomes = await Verifier.VerifyAsync(job, [.. targets], (_, _) => { }, diagnostics, CancellationToken.None);

        Assert.That(diagnostics.Lines(), Is.Empty);
        Assert.Multiple(() =>
        {
            foreach (var outcome in outcomes!.Value)
            {
                Assert.That(outcome.Mismatch, Is.Null, () => $"{outcome.Target} by {outcome.Runner}\n{model.Describe()}");
                Assert.That(outcome.Verdict, Is.EqualTo(Verdict.Identical), () => $"{outcome.Target}: {string.Join('\n', outcome.Diagnostics)}");
            }
        });
    }
}
