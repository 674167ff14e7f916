using System.Globalization;
using Pqs.Codegen.Statistics;
using Spectre.Console;

namespace Pqs.Codegen.Commands;

/// <summary>What overflows in each layer at each width, for people.</summary>
internal static class OverflowTable
{
    public static void Print(OverflowStatistics statistics)
    {
        var table = Terminal.NewTable(
            ">#", "layer", ">dot products", ">sums seen", ">worst case", ">bits", ">persistent %", ">natural %", ">one round %", ">sorted %");
        foreach (var layer in statistics.Layers)
        {
            if (layer != statistics.Layers[0])
            {
                table.AddEmptyRow();
            }

            foreach (var (index, width) in statistics.Widths.All.Index())
            {
                var counts = layer.All.ByWidth[index];
                table.AddRow(
                [
                    .. index == 0 ? Heading(layer) : ["", "", "", "", ""],
                    Text.Number(width),
                    .. ((long[])[counts.Persistent, counts.Natural, counts.OneRound, counts.Sorted]).Select(count => Percent(count, layer.All.DotProducts)),
                ]);
            }

        }

        Terminal.Write(table);
        Console.Out.WriteLine(
            $"{Text.Number(statistics.Samples)} samples. Persistent: the sum of the products does not fit. Natural, one round, sorted: it fits,");
        Console.Out.WriteLine("but an addition in that order saturates. Bounds of the sums are over all channels; --json and --csv show each channel.");
    }

    private static string[] Heading(LayerOverflows layer) =>
    [
        Text.Number(layer.Position),
        layer.Step.Node.Operator.Name,
        Text.Number(layer.All.DotProducts),
        Range(layer.All.SumMinimum, layer.All.SumMaximum),
        Range(layer.Step.Bounds.Min(channel => channel.SumMinimum), layer.Step.Bounds.Max(channel => channel.SumMaximum)),
    ];

    private static string Range(long minimum, long maximum) => $"{Text.Number(minimum)} .. {Text.Number(maximum)}";

    /// <summary>A plain 0 is exactly none.</summary>
    private static string Percent(long count, long all)
    {
        var percent = 100.0 * count / all;
        return count == 0 ? "0" : percent < 0.01 ? "<0.01" : percent.ToString("0.00", CultureInfo.InvariantCulture);
    }
}
