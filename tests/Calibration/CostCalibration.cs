using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Codegen.Verification;
using Pqs.Reference.Diagnostics;
using Pqs.Tests.Codegen;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Calibration;

/// <summary>
/// Writes the cost tables in targets/costs: measures layers of many sizes on each kernel under QEMU, and fits what each thing takes that the kernel repeats.
/// Every layer is verified on the way.
/// </summary>
[Explicit("A measurement; make calibrate runs it.")]
internal sealed class CostCalibration
{
    private static readonly string[] Cores = ["cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55"];

    private readonly SortedDictionary<(string Core, string Kernel), List<(KernelWork Work, double Instructions)>> _measured = [];

    [TestCaseSource(nameof(Networks))]
    public async Task Kernel_is_measured(CalibrationNetwork network)
    {
        Tools.Require("arm-none-eabi-gcc", Pqs.Codegen.Emulation.Qemu.Tool);
        var diagnostics = new DiagnosticBag();
        var only = new CostTable(network.Kernels.ToImmutableSortedDictionary(
            kernel => kernel, _ => ImmutableSortedDictionary<string, double>.Empty, StringComparer.Ordinal));
        var plan = Planner.Plan(network.Graph, diagnostics, new PlanOptions(PlanObjective.Speed), only);
        Assert.That(plan, Is.Not.Null, () => string.Join('\n', diagnostics.Lines()));
        using var folder = new TemporaryFolder();
        var expectation = Expectation.Compute(network.Graph, [.. ModelCase.Of(network.Graph).Samples[^1..]]);
        var jobs = Cores.Select(name => TargetCatalog.Load(Installation.TargetsFolder, name, diagnostics)!)
            .Select(target => new VerificationJob(target, plan!, "m", expectation, folder.Path, TimeSpan.FromMinutes(10)));
        var outcomes = await Verifier.VerifyAsync([.. jobs], (_, _) => { }, diagnostics, CancellationToken.None);
        Assert.That(outcomes!.Value.Select(outcome => outcome.Verdict), Is.All.EqualTo(Verdict.Identical), () => string.Join('\n', outcomes.Value.SelectMany(o => o.Diagnostics)));
        foreach (var outcome in outcomes)
        {
            foreach (var (position, step) in plan!.Steps.Index().Where(entry => network.Kernels.Contains(entry.Item.Call!.Work.Kernel)))
            {
                // Helium computes blocks by other kernels, which need less memory.
                if (step.Call!.Work.Kernel == "conv2d_blocks" && outcome.Target == "cortex-m55")
                {
                    continue;
                }

                var key = (outcome.Target, step.Call.Work.Kernel);
                if (!_measured.TryGetValue(key, out var list))
                {
                    _measured.Add(key, list = []);
                }

                list.Add((step.Call.Work, outcome.Use!.LayerInstructions[position]));
            }
        }
    }

    [OneTimeTearDown]
    public void WriteTables()
    {
        var costs = Directory.CreateDirectory(Path.Combine(Repository.Root, "targets", "costs"));
        var bench = Directory.CreateDirectory(Path.Combine(Repository.Root, "out", "bench"));
        var report = new StringBuilder("| core | kernel | layers | off on average | at most |\n|---|---|---|---|---|\n");
        foreach (var core in Cores)
        {
            var fits = _measured.Where(entry => entry.Key.Core == core).Select(entry => (entry.Key.Kernel, Fit: CostFit.Of(entry.Value))).ToArray();
            var lines = fits.Select(entry => string.Create(CultureInfo.InvariantCulture, $"  \"{entry.Kernel}\": {{ {entry.Fit.Json()} }}"));
            File.WriteAllText(Path.Combine(costs.FullName, core + ".json"), $"{{\n{string.Join(",\n", lines)}\n}}\n");
            foreach (var (kernel, fit) in fits)
            {
                report.AppendLine(
                    CultureInfo.InvariantCulture, $"| {core} | {kernel} | {fit.Errors.Length} | {fit.Errors.Average():P1} | {fit.Errors.Max():P1} |");
            }
        }

        File.WriteAllText(Path.Combine(bench.FullName, "calibration.md"), report.ToString());
    }

    private static IEnumerable<TestCaseData> Networks() =>
        CalibrationNetwork.All.Select((network, index) => new TestCaseData(network).SetName($"Calibration_{index}_{network.Graph.Name}"));
}
