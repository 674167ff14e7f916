using Pqs.Codegen.Plan;
using Pqs.Codegen.Verification;
using Spectre.Console;

namespace Pqs.Codegen.Commands;

/// <summary>The kernels of a plan, and those that were not taken.</summary>
internal static class ChoiceTable
{
    /// <summary>One row a layer: its kernel, predicted and measured instructions, and what others would take of them.</summary>
    public static void Print(BuildOutcome outcome)
    {
        var table = Terminal.NewTable(">#", "kernel", ">predicted", ">measured", "not taken, and their part of the prediction");
        foreach (var (position, step) in outcome.Plan.Steps.Index().Where(entry => entry.Item.Call != null))
        {
            table.AddRow(
                Text.Number(position),
                step.Call!.Function["pqs_".Length..],
                Text.Number((long?)step.Instructions),
                Text.Number(outcome.Use!.LayerInstructions[position]),
                string.Join(", ", step.Alternatives.Select(other => $"{other.Kernel} {Part(other, step)}")));
        }

        Terminal.Write(table);
    }

    private static string Part(KernelCandidate other, Step step) =>
        other.Instructions is { } instructions && step.Instructions is > 0 and { } taken ? Text.Ratio(instructions / taken) : "unknown";
}
