using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Spectre.Console;

namespace Pqs.Codegen.Commands;

/// <summary>Two profiles of a model beside each other: executed instructions per product that is formed, for each layer of dot products and each chip.</summary>
internal static class ComparisonTable
{
    public static void Print(VerificationResult verified, VerificationResult other)
    {
        // Chips that failed in either run have nothing to compare.
        var chips = verified.Outcomes.Zip(other.Outcomes).Where(pair => pair.First.Use != null && pair.Second.Use != null).ToArray();
        string[] columns = [">#", "layer", ">non-zero MACs", "schedule", "against", .. chips.SelectMany(chip => (string[])[">" + chip.First.Target, ">against", ">ratio"])];
        var table = Terminal.NewTable(columns);
        foreach (var (position, node) in verified.Graph.Nodes.Index().Where(entry => entry.Item.Operator is DotProductOperator))
        {
            var macs = WorkCount.NonZeroMacs(verified.Graph, node);
            table.AddRow(
            [
                Text.Number(position),
                node.Operator.Name,
                Text.Number(macs),
                Schedule(node),
                Schedule(other.Graph.Nodes[position]),
                .. chips.SelectMany(chip => Cells(chip.First.Use!.LayerInstructions[position], chip.Second.Use!.LayerInstructions[position], macs)),
            ]);
        }

        var all = verified.Graph.Nodes.Sum(node => WorkCount.NonZeroMacs(verified.Graph, node));
        table.AddEmptyRow();
        table.AddRow(["", "whole model", Text.Number(all), "", "", .. chips.SelectMany(chip => Cells(chip.First.Use!.Instructions, chip.Second.Use!.Instructions, all))]);
        Terminal.Write(table);
        Console.Out.WriteLine("Executed instructions per non-zero multiply-accumulate, counted by QEMU; they are not cycles.");
        Console.Out.WriteLine(verified.IsIdentical && other.IsIdentical
            ? "Every layer of both is identical to the reference interpreter."
            : "NOT every layer is identical to the reference interpreter; see pqs verify.");
    }

    private static string[] Cells(long instructions, long other, long macs) =>
        [Ratio(instructions, macs), Ratio(other, macs), Ratio(instructions, other)];

    private static string Ratio(long value, long unit) => unit == 0 ? "-" : Text.Ratio((double)value / unit);

    private static string Schedule(Node node) => ((DotProductOperator)node.Operator).Accumulator is var accumulator
        ? $"{accumulator.Bits} {accumulator.Schedule}"
        : "";
}
