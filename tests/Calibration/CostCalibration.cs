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
                var key = (outcome.Target, step.Call!.Work.Kernel);
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
        Directory.CreateDirectory(Path.Combine(Repository.Root, "targets", "costs"));
        foreach (var core in Cores)
        {
            var text = new StringBuilder("{");
            foreach (var ((_, kernel), observations) in _measured.Where(entry => entry.Key.Core == core))
            {
                text.Append(CultureInfo.InvariantCulture, $"{(text.Length > 1 ? "," : "")}\n  \"{kernel}\": {{ {Fit(core, kernel, observations)} }}");
            }

            File.WriteAllText(Path.Combine(Repository.Root, "targets", "costs", core + ".json"), text.Append("\n}\n").ToString());
        }
    }

    private static string Fit(string core, string kernel, List<(KernelWork Work, double Instructions)> observations)
    {
        string[] units = [.. observations.SelectMany(o => o.Work.Counts).Select(count => count.Unit).Distinct()];
        var rows = observations.Select(o => Array.ConvertAll(units, unit => o.Work.Counts.Where(count => count.Unit == unit).Sum(count => count.Count))).ToArray();
        var factors = NonNegativeFit.Solve(rows, [.. observations.Select(o => o.Instructions)]);
        var errors = rows.Zip(observations, (row, o) => Math.Abs((row.Zip(factors, (count, factor) => count * factor).Sum() / o.Instructions) - 1)).ToArray();
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{core} {kernel}: {errors.Length} layers, off by {errors.Average():P1} on average, {errors.Max():P1} at most"));
        return string.Join(", ", units.Zip(factors).Where(entry => entry.Second > 0).Select(entry =>
            string.Create(CultureInfo.InvariantCulture, $"\"{entry.First}\": {entry.Second:G4}")));
    }

    private static IEnumerable<TestCaseData> Networks() =>
        CalibrationNetwork.All.Select((network, index) => new TestCaseData(network).SetName($"Calibration_{index}_{network.Graph.Name}"));
}
