using System.Globalization;
using Pqs.Compress.Pipeline;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Spectre.Console;

namespace Pqs.Codegen.Commands;

/// <summary>What became of each layer, for people.</summary>
internal static class CompressTable
{
    public static void Print(CompressReport report)
    {
        string[] columns = [">#", "layer", "output", ">weights", ">kept", "N:M", ">bits", "accumulator", ">multiplier", "proof"];
        var isMeasured = !report.Layers.IsEmpty;
        var table = Terminal.NewTable(isMeasured ? [.. columns, ">clipped sums", ">error"] : columns);
        var rows = report.Rows();
        foreach (var row in rows)
        {
            var (bits, schedule) = row.Dot.Accumulator;
            var proof = ProofText.Name(row.Proof);
            string[] cells =
            [
                Text.Number(row.Index),
                row.Dot.Name,
                row.Output.Shape.ToString(),
                Text.Number(row.Dot.Weights.Length),
                Text.Number(row.Kept),
                row.Pattern,
                Text.Number(row.WeightBits),
                $"{bits} bits, {schedule.Name}",
                $"{row.Dot.MultiplierBits} bits",
                row.MayClip > 0 ? $"{proof}; {row.MayClip} of {row.Bounds.Length} channels may clip" : proof,
            ];
            table.AddRow(isMeasured ? [.. cells, .. Measured(row.Measured!)] : cells);
        }

        Terminal.Write(table);
        Console.Out.WriteLine(
            $"{Printable.Line(report.Graph.Name)}: {Text.Number(rows.Sum(row => (long)row.Kept))} of {Text.Number(rows.Sum(row => (long)row.Dot.Weights.Length))} weights kept");
        if (!report.Sweep.IsEmpty)
        {
            CompressSweepText.Print(report.Sweep);
        }

        Print("", report.Accuracy);
        Print("test ", report.Test);
    }

    private static void Print(string kind, CompressAccuracy? accuracy)
    {
        if (accuracy != null)
        {
            var other = accuracy.LongMultipliers is { } of31 ? $"; {Percent(of31)} with multipliers of 31 bits" : "";
            Console.Out.WriteLine(accuracy.IsAgreement
                ? $"{Percent(accuracy.Compressed)} of {Text.Number(accuracy.Float.Count)} {kind}samples are in the class that the float model puts them in{other}"
                : $"accuracy on {Text.Number(accuracy.Float.Count)} {kind}samples: float {Percent(accuracy.Float)}, compressed {Percent(accuracy.Compressed)}{other}");
        }
    }

    private static string Percent(Accuracy accuracy) => (100 * accuracy.Top1).ToString("0.00", CultureInfo.InvariantCulture) + "%";

    private static string[] Measured(LayerReport layer) =>
        [$"{Text.Number(layer.Clips)} of {Text.Number(layer.Sums)}", layer.RelativeError.ToString("0.0e+0", CultureInfo.InvariantCulture)];
}
