using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Commands;

/// <summary>The options of <c>pqs compress</c> that ask for accuracy over the width of accumulators.</summary>
internal sealed class CompressSweepOptions
{
    private readonly Option<string?> _sweep = new("--sweep")
    {
        Description = "Also show the result's accuracy at each of these accumulator widths, such as 10..20: in natural order, with one sorting round, sorted.",
        HelpName = "range",
    };

    private readonly Option<string?> _csv = new("--csv") { Description = "Write the sweep to this file, as comma-separated values." };

    private readonly Option<string?> _plot = new("--plot") { Description = "Draw the sweep into this file (.svg)." };

    public ImmutableArray<Option> All => [_sweep, _csv, _plot];

    public bool IsGiven(ParseResult result) => result.GetValue(_sweep) != null;

    /// <summary>Adds the errors of usage.</summary>
    public void Require(CommandResult result)
    {
        foreach (var option in ((Option[])[_csv, _plot]).Where(option => result.GetResult(option) != null && result.GetResult(_sweep) == null))
        {
            result.AddError($"{option.Name} needs --sweep, such as --sweep 10..20.");
        }
    }

    /// <summary>The widths; null, reported, where they are malformed. To be asked only where they are given.</summary>
    public AccumulatorWidths? Widths(ParseResult result, DiagnosticBag diagnostics)
    {
        var text = result.GetValue(_sweep)!;
        if (AccumulatorWidths.Parse(text) is { } widths)
        {
            return widths;
        }

        diagnostics.Report(DiagnosticDescriptors.WidthsMalformed, "--sweep", Printable.Name(text));
        return null;
    }

    /// <summary>Writes the files that are asked for; false, reported, where one cannot be written.</summary>
    public bool Write(ParseResult result, ImmutableArray<SweepRow> rows, DiagnosticBag diagnostics) =>
        (result.GetValue(_csv) is not { } csv || OutputFile.Write(csv, Encoding.UTF8.GetBytes(CompressSweepText.Csv(rows)), diagnostics))
        && (result.GetValue(_plot) is not { } plot || OutputFile.Write(plot, Encoding.UTF8.GetBytes(CompressSweepText.Svg(rows)), diagnostics));
}
