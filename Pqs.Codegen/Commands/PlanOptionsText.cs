using System.Text.Json;
using Pqs.Codegen.Plan;

namespace Pqs.Codegen.Commands;

/// <summary>What was asked of a plan, as options, manifests and JSON write it.</summary>
internal static class PlanOptionsText
{
    private const string ObjectiveMember = "objective";
    private const string RamLimitMember = "ramLimit";

    public static IEnumerable<string> Objectives => Enum.GetValues<PlanObjective>().Select(Name);

    public static string Name(PlanObjective objective) => objective switch
    {
        PlanObjective.Speed => "speed",
        PlanObjective.Size => "size",
        PlanObjective.Ram => "ram",
        _ => "balanced",
    };

    /// <exception cref="FormatException">There is no such objective.</exception>
    public static PlanObjective Parse(string? name) => Enum.GetValues<PlanObjective>().Where(objective => Name(objective) == name)
        .Select(objective => (PlanObjective?)objective).FirstOrDefault() ?? throw new FormatException("its objective is none");

    public static void Write(Utf8JsonWriter writer, PlanOptions options)
    {
        writer.WriteString(ObjectiveMember, Name(options.Objective));
        if (options.RamLimit is { } limit)
        {
            writer.WriteNumber(RamLimitMember, limit);
        }
    }

    /// <param name="manifest">An object; what it does not have is as if nothing was asked for.</param>
    /// <exception cref="FormatException">A member is not what <see cref="Write"/> writes; <see cref="InvalidOperationException"/> where its kind is another.</exception>
    public static PlanOptions Read(JsonElement manifest) => new(
        manifest.TryGetProperty(ObjectiveMember, out var objective) ? Parse(objective.GetString()) : PlanObjective.Balanced,
        manifest.TryGetProperty(RamLimitMember, out var limit) ? limit.GetInt64() : null);
}
