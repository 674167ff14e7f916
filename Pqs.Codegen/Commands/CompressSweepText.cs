using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pqs.Reference.Data;

namespace Pqs.Codegen.Commands;

/// <summary>Accuracy over the width of accumulators, as a table for people, as comma-separated values, and as a drawing.</summary>
internal static class CompressSweepText
{
    private const int Width = 640;
    private const int Height = 400;
    private const int Margin = 56;

    private static readonly (string Name, string Color, Func<SweepRow, Accuracy> Accuracy)[] Series =
    [
        ("natural order", "#c0392b", row => row.Natural),
        ("one sorting round", "#d68910", row => row.OneRound),
        ("sorted", "#1f618d", row => row.Sorted),
    ];

    public static void Print(ImmutableArray<SweepRow> rows)
    {
        var table = Terminal.NewTable(">accumulator bits", ">natural order %", ">one sorting round %", ">sorted %");
        foreach (var row in rows)
        {
            Spectre.Console.TableExtensions.AddRow(table, [Text.Number(row.Bits), .. Series.Select(series => Percent(series.Accuracy(row)))]);
        }

        Terminal.Write(table);
    }

    public static string Csv(ImmutableArray<SweepRow> rows)
    {
        var text = new StringBuilder("bits,samples,naturalCorrect,oneRoundCorrect,sortedCorrect\n");
        foreach (var row in rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row.Bits},{row.Sorted.Count},{row.Natural.Correct},{row.OneRound.Correct},{row.Sorted.Correct}\n");
        }

        return text.ToString();
    }

    /// <summary>Lines over the width, from 0 to 100%.</summary>
    public static string Svg(ImmutableArray<SweepRow> rows)
    {
        var text = new StringBuilder();
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        for (var percent = 0; percent <= 100; percent += 20)
        {
            Line($"<line x1=\"{Margin}\" x2=\"{Width - Margin}\" y1=\"{Y(percent):0.#}\" y2=\"{Y(percent):0.#}\" stroke=\"#ddd\"/>");
            Line($"<text x=\"{Margin - 8}\" y=\"{Y(percent) + 4:0.#}\" text-anchor=\"end\">{percent}%</text>");
        }

        foreach (var row in rows)
        {
            Line($"<text x=\"{X(row.Bits):0.#}\" y=\"{Height - Margin + 18}\" text-anchor=\"middle\">{row.Bits}</text>");
        }

        Line($"<text x=\"{Width / 2}\" y=\"{Height - 14}\" text-anchor=\"middle\">accumulator bits</text>");
        Line($"<text x=\"{Margin}\" y=\"{Margin / 2}\">accuracy on {rows[0].Sorted.Count} samples</text>");
        foreach (var (index, (name, color, accuracy)) in Series.Index())
        {
            var points = string.Join(' ', rows.Select(row => string.Create(CultureInfo.InvariantCulture, $"{X(row.Bits):0.#},{Y(100 * accuracy(row).Top1):0.#}")));
            Line($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"2\"/>");
            Line($"<text x=\"{Width - Margin - 8}\" y=\"{Height - Margin - 12 - (18 * (Series.Length - 1 - index))}\" text-anchor=\"end\" fill=\"{color}\">{name}</text>");
        }

        Line($"</svg>");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

        double X(int bits) => Margin + ((bits - rows[0].Bits) * (Width - (2.0 * Margin)) / Math.Max(rows.Length - 1, 1));

        double Y(double percent) => Height - Margin - (percent * (Height - (2.0 * Margin)) / 100);
    }

    private static string Percent(Accuracy accuracy) => (100 * accuracy.Top1).ToString("0.00", CultureInfo.InvariantCulture);
}
