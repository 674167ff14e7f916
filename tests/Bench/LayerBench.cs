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
    private readonly StringBuilder _text = new();

    [OneTimeTearDown]
    public void WriteTables() => BenchReport.Write("layers.md", _text.ToString());

    [TestCaseSource(nameof(Weights))]
    public async Task Layers_against_CMSIS_NN(LayerWeights weights)
    {
        Tools.Require("arm-none-eabi-gcc", Pqs.Codegen.Emulation.Qemu.Tool);
        _text.AppendLine(CultureInfo.InvariantCulture, $"\n### {weights.Name}\n");
        _text.AppendLine(CultureInfo.InvariantCulture, $"| layer | kernel on M4 | bytes | {BenchReport.Heads} |");
        _text.AppendLine(CultureInfo.InvariantCulture, $"|---|---|---|{BenchReport.HeadsLine}");
        foreach (var shape in LayerShape.All.Where(shape => shape.Kind != LayerKind.Depthwise || weights.SharedBy == 1))
        {
            _text.AppendLine(await Row(weights, shape));
        }
    }

    /// <summary>A layer is a model of its own, so that its kernel is not one that others chose.</summary>
    private static async Task<string> Row(LayerWeights weights, LayerShape shape)
    {
        var graph = weights.Network([shape]);
        var model = new ModelCase(graph, [.. ModelCase.Of(graph).Samples[^2..]]);
        var outcomes = await Targeted.VerifyAsync(model, BenchReport.Cores, target => ModelBatch.Plan(graph, null, target.Costs));
        var call = outcomes.Single(outcome => outcome.Target == "cortex-m4").Plan.Steps.Single().Call!;
        var macs = (double)WorkCount.Macs(graph, graph.Nodes[0]);
        var costs = outcomes.Select(outcome => Cost(shape, outcome.Target, outcome.Use!.LayerInstructions[0] / macs));
        return $"| {shape.Name} | `{call.Function["pqs_".Length..]}` | {Cell((double)call.TableBytes / (shape.OutputChannels * shape.Products))} | {string.Join(" | ", costs)} |";
    }

    /// <summary>Instructions for each MAC, and in brackets the part of CMSIS-NN's where that is known.</summary>
    private static string Cost(LayerShape shape, string core, double instructions) =>
        Cell(instructions) + (shape.Peer.TryGetValue(core, out var peer) ? $" ({Cell(instructions / peer)})" : "");

    private static IEnumerable<TestCaseData> Weights() => LayerWeights.All.Select(weights => new TestCaseData(weights).SetName($"Layers_{weights.Name.Replace('.', ' ')}"));

    private static string Cell(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
