using System.Globalization;
using System.Text;
using System.Text.Json;
using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Targets;
using Pqs.Reference.Model;
using Pqs.Tests.Bench;
using Pqs.Tests.Codegen;

namespace Pqs.Tests.Calibration;

/// <summary>
/// Writes the cost tables in targets/costs: measures layers of many sizes on each kernel under QEMU, and fits what each thing takes that the kernel repeats. The
/// flash of its code is that of a model of one layer.
/// Every layer is verified on the way.
/// </summary>
[Explicit("A measurement; make calibrate runs it.")]
internal sealed class CostCalibration
{
    private readonly SortedDictionary<(string Core, string Kernel), List<(KernelWork Work, double Instructions)>> _measured = [];

    private readonly SortedDictionary<(string Core, string Kernel), long> _code = [];

    [TestCaseSource(nameof(Networks))]
    public async Task Kernel_is_measured(CalibrationNetwork network)
    {
        Tools.Require("arm-none-eabi-gcc", Pqs.Codegen.Emulation.Qemu.Tool);
        var plan = ModelBatch.Plan(network.Graph, new PlanOptions(PlanObjective.Speed), Targeted.Only(network.Kernels));
        var model = new ModelCase(network.Graph, [.. ModelCase.Of(network.Graph).Samples[^1..]]);
        foreach (var outcome in await Targeted.VerifyAsync(model, BenchReport.Cores, _ => plan))
        {
            foreach (var (position, step) in plan.Steps.Index().Where(entry => network.Kernels.Contains(entry.Item.Call!.Work.Kernel)))
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

        foreach (var step in plan.Steps.Where(step => network.Kernels.Contains(step.Call!.Work.Kernel)).DistinctBy(step => step.Call!.Work.Kernel))
        {
            await MeasureCode(network.Layer(step.Node), step.Call!.Work.Kernel);
        }
    }

    /// <summary>What a model of this layer alone has in flash beside its tables.</summary>
    private async Task MeasureCode(Graph layer, string kernel)
    {
        var plan = ModelBatch.Plan(layer, new PlanOptions(PlanObjective.Speed), Targeted.Only(kernel));
        Assert.That(plan.Steps.Single().Call!.Work.Kernel, Is.EqualTo(kernel));
        var model = new ModelCase(layer, [.. ModelCase.Of(layer).Samples[^1..]]);
        foreach (var outcome in await Targeted.VerifyAsync(model, BenchReport.Cores, _ => plan))
        {
            _code[(outcome.Target, kernel)] = outcome.Use!.CodeFlash;
        }
    }

    [OneTimeTearDown]
    public void WriteTables()
    {
        var costs = Directory.CreateDirectory(Path.Combine(Repository.Root, "targets", "costs"));
        var layers = new StringBuilder("core,kernel,instructions,predicted,counts\n");
        var report = new StringBuilder("| core | kernel | layers | off on average | at most |\n|---|---|---|---|---|\n");
        foreach (var core in BenchReport.Cores)
        {
            var fits = _measured.Where(entry => entry.Key.Core == core).Select(entry => (entry.Key.Kernel, Fit: CostFit.Of(entry.Value))).ToArray();
            var table = Path.Combine(costs.FullName, core + ".json");
            var rows = Rows(table);
            foreach (var (kernel, fit) in fits)
            {
                rows[kernel] = string.Create(CultureInfo.InvariantCulture, $"{{ \"{CostTable.CodeUnit}\": {_code[(core, kernel)]}, {fit.Json()} }}");
            }

            File.WriteAllText(table, $"{{\n{string.Join(",\n", rows.Select(row => $"  \"{row.Key}\": {row.Value}"))}\n}}\n");
            foreach (var (kernel, fit) in fits)
            {
                report.AppendLine(
                    CultureInfo.InvariantCulture, $"| {core} | {kernel} | {fit.Errors.Length} | {fit.Errors.Average():P1} | {fit.Errors.Max():P1} |");
                foreach (var (work, instructions) in _measured[(core, kernel)])
                {
                    layers.AppendLine(
                        CultureInfo.InvariantCulture,
                        $"{core},{kernel},{instructions:F0},{fit.Predict(work):F0},{string.Join(' ', work.Counts.Select(count => $"{count.Unit}={count.Count:F0}"))}");
                }
            }
        }

        BenchReport.Write("calibration.md", report.ToString());
        BenchReport.Write("calibration.csv", layers.ToString());
    }

    /// <summary>The rows of a table by kernel. Where some kernels alone are measured, the others keep what they have.</summary>
    private static SortedDictionary<string, string> Rows(string table)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (!File.Exists(table))
        {
            return rows;
        }

        using var json = JsonDocument.Parse(File.ReadAllText(table));
        foreach (var row in json.RootElement.EnumerateObject())
        {
            rows.Add(row.Name, row.Value.GetRawText());
        }

        return rows;
    }

    private static IEnumerable<TestCaseData> Networks() =>
        CalibrationNetwork.All.Select((network, index) => new TestCaseData(network).SetName($"Calibration_{index}_{network.Graph.Name}"));
}
