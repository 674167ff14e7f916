using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Pqs.Codegen.Passes;
using Pqs.Codegen.Statistics;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>The options that ask "what would 14 bits do?", for every command that loads a model.</summary>
internal sealed class AccumulatorOptions
{
    /// <summary>The width of those who name a schedule but no width.</summary>
    private const int DefaultBits = 16;

    private const string Auto = "auto";

    private readonly bool _takesRange;

    private readonly Option<string?> _bits;

    private readonly Option<string?> _schedule = new("--schedule")
    {
        Description = "Order of accumulation: natural, sorted[:rounds=N,tile=N], alternating, bounded, exact, wide, or auto, the cheapest that is proven equal to sorted.",
        HelpName = "schedule",
    };

    private readonly Option<string[]> _layers = new("--layer")
    {
        Description = "The same for single layers, as PATTERN=BITS/SCHEDULE; the pattern is a number, an operator or an output's name, with * and ?. May be repeated.",
        HelpName = "pattern=bits/schedule",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <param name="takesRange">Whether a range of widths may be given instead of one.</param>
    public AccumulatorOptions(bool takesRange = false)
    {
        _takesRange = takesRange;
        _bits = new Option<string?>("--accumulator-bits")
        {
            Description = "Width of the accumulators, 8 to 32 bits [default: the model's; 16 where --schedule is given]."
                + (takesRange ? " A range, such as 10..20, counts what overflows at each of its widths." : ""),
            HelpName = takesRange ? "bits or range" : "bits",
        };
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_bits);
        command.Options.Add(_schedule);
        command.Options.Add(_layers);
    }

    /// <summary>The width as it was written, or null.</summary>
    public string? Bits(ParseResult result) => result.GetValue(_bits);

    /// <summary>Whether a range of widths is given; it may be malformed.</summary>
    public bool IsRange(ParseResult result) => IsRange(result.CommandResult);

    /// <summary>The same, while the command line is still being checked.</summary>
    public bool IsRange(CommandResult result) => _takesRange && AccumulatorWidths.IsRange(result.GetValue(_bits));

    /// <summary>The range of widths; null, reported, where it is malformed.</summary>
    public AccumulatorWidths? Widths(ParseResult result, DiagnosticBag diagnostics)
    {
        var text = result.GetValue(_bits) ?? "";
        if (AccumulatorWidths.Parse(text) is { } widths)
        {
            return widths;
        }

        diagnostics.Report(DiagnosticDescriptors.WidthsMalformed, "--accumulator-bits", Printable.Name(text));
        return null;
    }

    /// <summary>Changes a graph as the options say; null, reported, where they cannot be followed.</summary>
    /// <param name="otherSchedule">Takes the place of the one that the options name, where it is not null.</param>
    public Graph? Apply(ParseResult result, Graph graph, string? otherSchedule, DiagnosticBag diagnostics) =>
        // A wide accumulator to compare with has its own width, and a range of widths is no request for one.
        Read(result, otherSchedule == Schedule.Wide.Name || IsRange(result) ? null : Bits(result), otherSchedule, diagnostics) is not { } requests ? null
            : requests.Default == null && requests.Layers.IsEmpty ? graph
            : SetAccumulators.Run(graph, requests, diagnostics);

    /// <summary>What the options ask for; null, reported, where they make no sense.</summary>
    /// <param name="bits">The width, in the place of the one that the options name; null for none.</param>
    /// <param name="otherSchedule">Takes the place of the one that the options name, where it is not null.</param>
    public AccumulatorRequests? Read(ParseResult result, string? bits, string? otherSchedule, DiagnosticBag diagnostics)
    {
        var schedule = otherSchedule ?? result.GetValue(_schedule);
        var defaults = bits == null && schedule == null ? null : Parse(bits, schedule, "--accumulator-bits, --schedule", $"{bits} {schedule}", diagnostics);
        var layers = ImmutableArray.CreateBuilder<LayerRequest>();
        foreach (var text in result.GetValue(_layers) ?? [])
        {
            if (ParseLayer(text, diagnostics) is { } layer)
            {
                layers.Add(layer);
            }
        }

        return diagnostics.HasErrors ? null : new AccumulatorRequests(defaults, layers.ToImmutable());
    }

    private static LayerRequest? ParseLayer(string text, DiagnosticBag diagnostics)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var value = text[(equals + 1)..];
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var isBits = value.Length > 0 && char.IsAsciiDigit(value[0]);
        var (bits, schedule) = slash >= 0 ? (value[..slash], value[(slash + 1)..]) : isBits ? (value, null) : ((string?)null, value);
        if (equals < 1)
        {
            diagnostics.Report(DiagnosticDescriptors.RequestMalformed, "--layer", Printable.Name(text));
            return null;
        }

        return Parse(bits, schedule, "--layer", text, diagnostics) is { } request ? new LayerRequest(text[..equals], request) : null;
    }

    private static AccumulatorRequest? Parse(string? bits, string? schedule, string place, string text, DiagnosticBag diagnostics)
    {
        var parsed = schedule is null or Auto ? null : ScheduleText.Parse(schedule);
        var width = parsed == Schedule.Wide ? Accumulator.MaximumBits : DefaultBits;
        if ((parsed == null && schedule is not (null or Auto))
            || (bits != null && !int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out width))
            || width is < Accumulator.MinimumBits or > Accumulator.MaximumBits)
        {
            diagnostics.Report(DiagnosticDescriptors.RequestMalformed, place, Printable.Name(text));
            return null;
        }

        return new AccumulatorRequest(width, parsed);
    }
}
