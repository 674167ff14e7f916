using System.Globalization;
using System.Text;
using NUnit.Framework;
using Pqs.Codegen.Passes;
using Pqs.Compress.FromQuantized;
using Pqs.Compress.Pruning;
using Pqs.Compress.Requests;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Model;
using Pqs.Tests.Codegen;
using Pqs.Tests.Reference;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Bench;

/// <summary>
/// Writes to out/bench/models.md the tables of docs/performance.md that compare whole models with TensorFlow Lite Micro and CMSIS-NN: as they are, and pruned as
/// <c>pqs compress --from-quantized</c> does it. Every layer is verified on the way.
/// </summary>
[Explicit("A measurement; make bench runs it.")]
internal sealed class ModelBench
{
    private readonly StringBuilder _text = new(
        $"""
        | model | weights | {BenchReport.Heads} | flash on M4 | arena on M4 |
        |---|---|{BenchReport.HeadsLine}---|---|

        """);

    [OneTimeTearDown]
    public void WriteTable() => BenchReport.Write("models.md", _text.ToString());

    [Test]
    public async Task Models_against_TensorFlow_Lite_Micro(
        [ValueSource(typeof(ModelPeer), nameof(ModelPeer.All))] ModelPeer peer, [Values(null, "2:4", "2:4x4", "1:4")] string? pattern)
    {
        Tools.Require("arm-none-eabi-gcc", Pqs.Codegen.Emulation.Qemu.Tool);
        var graph = Load(peer.Model);
        var model = ModelCase.Of(pattern == null ? graph : Prune(graph, SparsityPattern.Parse(pattern)!));
        model = model with { Samples = [.. model.Samples[^2..]] };
        var outcomes = await Targeted.VerifyAsync(model, BenchReport.Cores, target => ModelBatch.Plan(model.Graph, null, target.Costs));
        var uses = outcomes.ToDictionary(outcome => outcome.Target, outcome => outcome.Use!);
        string[] cells =
        [
            peer.Model,
            pattern == null ? "as they are" : $"{pattern}, 6 bits",
            .. BenchReport.Cores.Select(core => Cell(uses[core].Instructions / 1e6, peer.Instructions.TryGetValue(core, out var instructions) ? instructions : null, "0.00")),
            Cell(uses["cortex-m4"].Flash, peer.Flash, "N0"),
            Cell(uses["cortex-m4"].ArenaRam, peer.Arena, "N0"),
        ];
        _text.AppendLine(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells)} |");
    }

    private static Graph Load(string model)
    {
        var diagnostics = new DiagnosticBag();
        return ModelLoader.Load(Path.Combine(SharedModels.Folder(model), "model.tflite"), diagnostics) ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Lines()));
    }

    private static Graph Prune(Graph graph, SparsityPattern pattern)
    {
        var diagnostics = new DiagnosticBag();
        return QuantizedCompressor.Run(graph, new WeightRequests(new(pattern, []), new(6, [])), null, diagnostics) is { } pruned
            && SetAccumulators.Run(pruned, new AccumulatorRequests(new AccumulatorRequest(16, null), []), diagnostics) is { } narrow
                ? narrow
                : throw new InvalidOperationException(string.Join('\n', diagnostics.Lines()));
    }

    /// <summary>And in brackets the part of the peer's where that is known.</summary>
    private static string Cell(double value, double? peer, string format) =>
        value.ToString(format, CultureInfo.InvariantCulture) + (peer is { } known ? (value / known).ToString(" (0.00)", CultureInfo.InvariantCulture) : "");
}
