using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Pqs.Codegen.Passes;
using Pqs.Compress.Pipeline;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import;

namespace Pqs.Codegen.Commands;

/// <summary><c>pqs compress</c> for float models.</summary>
internal sealed class CompressFloat(Argument<string> model, CompressWeightOptions weights, AccumulatorOptions accumulators)
{
    public const string AccumulatorBits = "--accumulator-bits";

    private const string Auto = "auto";

    private const double DefaultDrop = 1;

    private readonly CompressDataOptions _data = new();

    private readonly CompressStepOptions _steps = new();

    private readonly Option<double?> _maximumDrop = new("--max-accuracy-drop")
    {
        Description = "With --accumulator-bits auto: by how many points accuracy may fall below the float model's [default: 1].",
    };

    public ImmutableArray<Option> Options => [.. _data.All, .. _steps.All, _maximumDrop];

    public void AddTo(Command command)
    {
        foreach (var option in Options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Adds the errors of usage that only a float model has.</summary>
    public void Require(CommandResult result)
    {
        if (result.GetResult(_data.Calibration) is not { Implicit: false })
        {
            result.AddError("A float model needs --calibration; a quantized one needs --from-quantized.");
        }
    }

    /// <returns>The compressed model, or null when an error was reported.</returns>
    public CompressReport? Run(ParseResult result, DiagnosticBag diagnostics)
    {
        var isAuto = accumulators.Bits(result) == Auto;
        if (weights.Read(result, diagnostics) is not { } requests
            || accumulators.Read(result, isAuto ? null : accumulators.Bits(result), null, diagnostics) is not { } widths
            || _steps.Read(result, requests, widths, diagnostics) is not { } settings
            || FloatModelLoader.Load(result.GetRequiredValue(model), diagnostics) is not { } graph
            || _data.Load(result, graph, diagnostics) is not { } data
            || !CompressMeasure.TryCreate(graph, data, isAuto, diagnostics, out var measure))
        {
            return null;
        }

        var found = isAuto && measure != null
            ? AccumulatorSearch.Run(
                graph, data.Samples, settings, measure.Drop, result.GetValue(_maximumDrop) ?? DefaultDrop, Terminal.Progress, diagnostics)
            : Compressor.Run(graph, data.Samples, settings, Terminal.Progress, diagnostics) is { } compressed ? (compressed, 0) : null;
        if (found is not var (made, bits))
        {
            return null;
        }

        var final = isAuto ? widths with { Default = new AccumulatorRequest(bits, widths.Default?.Schedule) } : widths;
        var narrow = final.Default == null && final.Layers.IsEmpty ? made.Graph : SetAccumulators.Run(made.Graph, final, diagnostics);
        return narrow == null ? null : new CompressReport(narrow, made.Layers, measure?.Of(narrow));
    }
}
