using Pqs.Codegen.Verification;
using Pqs.Reference.Model;
using Spectre.Console;

namespace Pqs.Codegen.Commands;

/// <summary>Verifications as tables for people.</summary>
internal static class VerificationTables
{
    /// <summary>One row a build: whether it is identical and what it takes.</summary>
    public static void PrintVerdicts(VerificationResult verified)
    {
        var table = Terminal.NewTable("target", "built or run by", ">flash", ">RAM", ">stack", ">instructions", "every layer");
        foreach (var outcome in verified.Outcomes)
        {
            var use = outcome.Use;
            table.AddRow(
                outcome.Target,
                outcome.Runner,
                Text.Number(use?.Flash),
                Text.Number(use?.Ram),
                Text.Number(use?.StackBound),
                Text.Number(use?.Instructions),
                Verdict(outcome));
        }

        Terminal.Write(table);
        PrintNotes(verified);
        var layers = verified.Graph.Nodes.Length;
        var identical = verified.Outcomes.Count(outcome => outcome.Verdict == Verification.Verdict.Identical);
        Console.Out.WriteLine(
            $"{identical} of {verified.Outcomes.Length} builds identical to the reference interpreter: {verified.Samples} samples, {layers} layers, every byte.");
    }

    /// <summary>One row a layer, with the executed instructions of each chip.</summary>
    public static void PrintLayers(VerificationResult verified)
    {
        var chips = verified.Outcomes.Where(outcome => outcome.Use != null).ToArray();
        string[] columns = [">#", "layer", "output", ">MACs", ">tables", .. chips.Select(chip => ">" + chip.Target)];
        var table = Terminal.NewTable(columns);
        var graph = verified.Graph;
        foreach (var (position, node) in graph.Nodes.Index())
        {
            table.AddRow(
            [
                Text.Number(position),
                node.Operator.Name,
                graph.Tensors[node.Output].Shape.ToString(),
                Text.Number(WorkCount.Macs(graph, node)),
                Range(chips.Select(chip => chip.Plan.Steps[position].Call?.TableBytes ?? 0)),
                .. chips.Select(chip => Text.Number(chip.Use!.LayerInstructions[position])),
            ]);
        }

        var macs = graph.Nodes.Sum(node => WorkCount.Macs(graph, node));
        table.AddEmptyRow();
        table.AddRow(["", "executed instructions", "", Text.Number(macs), Range(chips.Select(chip => chip.Plan.TableBytes)), .. chips.Select(c => Text.Number(c.Use!.Instructions))]);
        table.AddRow(["", "instructions per MAC", "", "", "", .. chips.Select(c => macs == 0 ? "-" : Text.Ratio((double)c.Use!.Instructions / macs))]);
        table.AddRow(["", "flash: tables + code", "", "", "", .. chips.Select(c => Text.Number(c.Use!.Flash))]);
        table.AddRow(["", "RAM: arena + stack", "", "", "", .. chips.Select(c => Text.Number(c.Use!.Ram))]);
        table.AddRow(["", "every layer", "", "", "", .. chips.Select(Verdict)]);
        Terminal.Write(table);
        if (chips is [var only])
        {
            ChoiceTable.Print(only);
        }

        PrintNotes(verified);
        foreach (var outcome in verified.Outcomes.Where(outcome => outcome.Use == null))
        {
            Console.Out.WriteLine(
                outcome.Verdict == Verification.Verdict.Identical
                    ? $"{outcome.Target} ({outcome.Runner}): identical; a host has no instruction counts."
                    : $"{outcome.Target} ({outcome.Runner}): FAILED; see the diagnostics.");
        }

        Console.Out.WriteLine("Instructions are executed ones, counted by QEMU to one tick of the machine's clock; they are not cycles.");
    }

    public static string Describe(LayerMismatch mismatch) =>
        $"sample {mismatch.Sample}, layer {mismatch.Layer} ({mismatch.LayerName}), element {mismatch.Element}, channel {mismatch.Channel}: "
        + $"expected {mismatch.Expected}, got {mismatch.Actual}";

    /// <summary>What chips have in common, or the least and the greatest.</summary>
    private static string Range(IEnumerable<long> values)
    {
        var (least, greatest) = (values.DefaultIfEmpty().Min(), values.DefaultIfEmpty().Max());
        return least == greatest ? Text.Number(least) : $"{Text.Number(least)}–{Text.Number(greatest)}";
    }

    private static string Verdict(BuildOutcome outcome) => outcome.Verdict switch
    {
        Verification.Verdict.Identical => "[green]identical[/]",
        Verification.Verdict.Different => "[red]DIFFERENT[/]",
        _ => "[red]FAILED[/]",
    };

    private static void PrintNotes(VerificationResult verified)
    {
        foreach (var outcome in verified.Outcomes)
        {
            foreach (var note in outcome.Notes)
            {
                Console.Out.WriteLine($"{outcome.Target}: too large for {note}; ran on {outcome.Runner}.");
            }

            if (outcome.Mismatch is { } mismatch)
            {
                Console.Out.WriteLine($"{outcome.Target} ({outcome.Runner}): {Describe(mismatch)}");
            }
        }
    }
}
