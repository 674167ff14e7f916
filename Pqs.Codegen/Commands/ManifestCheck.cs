using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Pqs.Codegen.Passes;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>Derives what a manifest says again, from the model alone: schedules, declared input ranges and what was asked of the plan are taken from the manifest, everything else must follow.</summary>
internal static class ManifestCheck
{
    private const long MaximumBytes = 64 << 20;

    /// <returns>True when the manifest is the model's; otherwise an error was reported.</returns>
    public static bool Run(string path, Graph graph, DiagnosticBag diagnostics)
    {
        if (FileReader.Read(path, MaximumBytes, diagnostics) is not { } bytes)
        {
            return false;
        }

        var place = Path.GetFileName(path);
        try
        {
            using var manifest = JsonDocument.Parse(bytes);
            return Compare(manifest.RootElement, place, graph, diagnostics);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            // All but the first are what a member of another kind, size or length than expected gives.
            diagnostics.Report(DiagnosticDescriptors.ManifestMalformed, place, exception.Message);
            return false;
        }
    }

    private static bool Compare(JsonElement manifest, string place, Graph graph, DiagnosticBag diagnostics)
    {
        if (manifest.ValueKind != JsonValueKind.Object
            || !manifest.TryGetProperty("layers", out var layers) || layers.ValueKind != JsonValueKind.Array || layers.GetArrayLength() != graph.Nodes.Length)
        {
            diagnostics.Report(DiagnosticDescriptors.ManifestMalformed, place, $"it has no list of {graph.Nodes.Length} layers");
            return false;
        }

        var requests = layers.EnumerateArray().Index().Select(entry => Request(entry.Index, entry.Item)).OfType<LayerRequest>().ToImmutableArray();
        if (TargetCatalog.Load(Installation.TargetsFolder, Target(manifest), diagnostics) is not { } target
            || SetAccumulators.Run(InputRangeOption.Declare(graph, input => Range(manifest, input)), new AccumulatorRequests(null, requests), diagnostics) is not { } changed
            || Planner.Plan(changed, diagnostics, PlanOptionsText.Read(manifest), target.Costs) is not { } plan)
        {
            return false;
        }

        using var derived = JsonDocument.Parse(JsonOutput.Format(writer => PlanJson.Write(writer, plan)));
        foreach (var member in derived.RootElement.EnumerateObject())
        {
            if (member.Name == "layers")
            {
                CompareLayers(layers, member.Value, place, diagnostics);
            }
            else if (!IsEqual(manifest, member))
            {
                diagnostics.Report(DiagnosticDescriptors.ManifestDiffers, place, member.Name);
            }
        }

        return !diagnostics.HasErrors;
    }

    private static void CompareLayers(JsonElement given, JsonElement derived, string place, DiagnosticBag diagnostics)
    {
        foreach (var (index, (layer, expected)) in given.EnumerateArray().Zip(derived.EnumerateArray()).Index())
        {
            foreach (var member in expected.EnumerateObject().Where(member => !IsEqual(layer, member)))
            {
                diagnostics.Report(DiagnosticDescriptors.ManifestDiffers, place, $"layers[{index}].{member.Name}");
            }
        }
    }

    private static bool IsEqual(JsonElement given, JsonProperty derived) =>
        given.ValueKind == JsonValueKind.Object && given.TryGetProperty(derived.Name, out var value) && JsonElement.DeepEquals(value, derived.Value);

    /// <summary>What the manifest declares of an input; a range that it has not is the whole container, and one that is none is refused with the graph.</summary>
    private static TensorRange Range(JsonElement manifest, int input) =>
        manifest.TryGetProperty("inputs", out var inputs) && inputs.GetArrayLength() > input && inputs[input].TryGetProperty("range", out var range)
            ? new TensorRange(range[0].GetInt32(), range[1].GetInt32())
            : TensorRange.Full;

    /// <exception cref="FormatException">It names none.</exception>
    private static string Target(JsonElement manifest) => manifest.TryGetProperty("target", out var target) && target.GetString() is { } name
        ? name
        : throw new FormatException("it names no target");

    private static LayerRequest? Request(int index, JsonElement layer) =>
        layer.TryGetProperty("accumulatorBits", out var bits) && bits.TryGetInt32(out var width)
        && layer.TryGetProperty("schedule", out var schedule) && ScheduleText.Parse(schedule.GetString() ?? "") is { } parsed
            ? new LayerRequest(index.ToString(CultureInfo.InvariantCulture), new AccumulatorRequest(width, parsed))
            : null;
}
