using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using NUnit.Framework;
using Pqs.Reference.Model;
using Pqs.Tests.Codegen;

namespace Pqs.Tests.Bench;

/// <summary>
/// Writes to out/bench/layers.md the tables of docs/performance.md that compare layers with CMSIS-NN: executed instructions for each multiply-accumulate of the dense layer, the whole
/// call, requantization and gathering included. Every layer is verified on the way.
/// </summary>
[Explicit("A measurement; make bench runs it.")]
internal sealed class LayerBench
{
    private static readonly string[] Cores = ["cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55"];

    private readonly StringBuilder _text = new();

    [OneTimeTearDown]
    public void WriteTables()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "out", "bench"));
        File.WriteAllText(Path.Combine(folder.FullName, "layers.md"), _text.ToString());
    }

    [TestCaseSource(nameof(Weights))]
    public async Task Layers_against_CMSIS_NN(LayerWeights weights)
    {
        Tools.Require("arm-none-eabi-gcc", Pqs.Codegen.Emulation.Qemu.Tool);
        var shapes = LayerShape.All.Where(shape => shape.Kind != LayerKind.Depthwise || weights.SharedBy == 1).ToImmutableArray();
        var graph = weights.Network(shapes);
        var model = new ModelCase(graph, [.. ModelCase.Of(graph).Samples[^2..]]);
        var outcomes = await Targeted.VerifyAsync(model, Cores, target => ModelBatch.Plan(graph, null, target.Costs));
        var plan = outcomes.Single(outcome => outcome.Target == "cortex-m4").Plan;
        var uses = outcomes.ToDictionary(outcome => outcome.Target, outcome => outcome.Use!);
        var macs = shapes.Select((_, index) => (double)WorkCount.Macs(graph, graph.Nodes[index])).ToArray();
        _text.AppendLine(CultureInfo.InvariantCulture, $"\n### {weights.Name}\n");
        _text.AppendLine(CultureInfo.InvariantCulture, $"| layer | kernel on M4 | bytes | {string.Join(" | ", Cores.Select(core => core["cortex-".Length..].ToUpperInvariant()))} |");
        _text.AppendLine(CultureInfo.InvariantCulture, $"|---|---|---|{string.Concat(Cores.Select(_ => "---|"))}");
        foreach (var (index, shape) in shapes.Index())
        {
            var call = plan.Steps[index].Call!;
            var bytes = Cell((double)call.TableBytes / (shape.OutputChannels * shape.Products));
            _text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {shape.Name} | `{call.Function["pqs_".Length..]}` | {bytes} | {string.Join(" | ", Cores.Select(core => Cost(shape, core, uses[core].LayerInstructions[index] / macs[index])))} |");
        }
    }

    /// <summary>Instructions for each MAC, and in brackets the part of CMSIS-NN's where that is known.</summary>
    private static string Cost(LayerShape shape, string core, double instructions) =>
        Cell(instructions) + (shape.Peer.TryGetValue(core, out var peer) ? $" ({Cell(instructions / peer)})" : "");

    private static IEnumerable<TestCaseData> Weights() => LayerWeights.All.Select(weights => new TestCaseData(weights).SetName($"Layers_{weights.Name.Replace('.', ' ')}"));

    private static string Cell(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
