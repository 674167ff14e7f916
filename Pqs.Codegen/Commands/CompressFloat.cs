using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using Pqs.Codegen.Passes;
using Pqs.Compress.Pipeline;
using Pqs.Compress.Quantizing;
using Pqs.Compress.Requests;
using Pqs.Compress.Sensitivity;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Import;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary><c>pqs compress</c> for float models.</summary>
internal sealed class CompressFloat(
    Argument<string> model, CompressWeightOptions weights, AccumulatorOptions accumulators, MultiplierOption multipliers)
{
    public const string AccumulatorBits = "--accumulator-bits";

    private const string Auto = "auto";

    private const double DefaultDrop = 1;

    private readonly CompressDataOptions _data = new();

    private readonly CompressStepOptions _steps = new();

    private readonly CompressSweepOptions _sweep = new();

    private readonly Option<double?> _maximumDrop = new("--max-accuracy-drop")
    {
        Description = "With --accumulator-bits auto: by how many points accuracy may fall below the float model's [default: 1].",
    };

    private readonly Option<long?> _sizeBudget = new("--size-budget")
    {
        Description = "Bytes of weights that all layers together may have: how far each is pruned and how many bits it gets is found, with --prune and --weight-bits as the limit.",
    };

    private readonly Option<long?> _macBudget = new("--mac-budget")
    {
        Description = "The same for multiply-accumulates with weights other than 0 in one inference.",
    };

    public ImmutableArray<Option> Options => [.. _data.All, .. _steps.All, _sizeBudget, _macBudget, _maximumDrop, .. _sweep.All];

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

        if (result.GetResult(_sizeBudget) != null && result.GetResult(_macBudget) != null)
        {
            result.AddError("Give one budget, --size-budget or --mac-budget.");
        }

        _data.Require(result);
        _sweep.Require(result);
    }

    /// <returns>The compressed model, or null when an error was reported.</returns>
    public CompressReport? Run(ParseResult result, DiagnosticBag diagnostics)
    {
        var isAuto = accumulators.Bits(result) == Auto;
        var sweep = _sweep.IsGiven(result) ? _sweep.Widths(result, diagnostics) : null;
        if (diagnostics.HasErrors
            || weights.Read(result, diagnostics) is not { } requests
            || accumulators.Read(result, isAuto ? null : accumulators.Bits(result), null, diagnostics) is not { } widths
            || _steps.Read(result, requests, widths, multipliers.Read(result) ?? MultiplierBits.Long, diagnostics) is not { } settings
            || FloatModelLoader.Load(result.GetRequiredValue(model), diagnostics) is not { } graph
            || _data.Load(result, graph, diagnostics) is not { } data
            || !_data.TryLoadTest(result, graph, diagnostics, out var testData)
            || !CompressMeasure.TryCreate(graph, data, isAuto || (sweep != null && testData == null), diagnostics, out var measure)
            || !CompressMeasure.TryCreate(graph, testData, true, diagnostics, out var test)
            || Within(Budget(result), graph, data, settings, diagnostics) is not { } planned)
        {
            return null;
        }

        var found = isAuto && measure != null
            ? AccumulatorSearch.Run(
                graph, data.Samples, planned, measure.Drop, result.GetValue(_maximumDrop) ?? DefaultDrop, Terminal.Progress, diagnostics)
            : Compressor.Run(graph, data.Samples, planned, Terminal.Progress, diagnostics) is { } compressed ? (compressed, 0) : null;
        if (found is not var (made, bits))
        {
            return null;
        }

        var final = isAuto ? widths with { Default = new AccumulatorRequest(bits, widths.Default?.Schedule) } : widths;
        var narrow = final.Default == null && final.Layers.IsEmpty ? made.Graph : SetAccumulators.Run(made.Graph, final, diagnostics);
        if (narrow == null)
        {
            return null;
        }

        var other = planned.MultiplierBits == MultiplierBits.Short ? NetworkMultipliers.Apply(narrow, MultiplierBits.Long, diagnostics) : null;
        var rows = sweep is { } range ? (test ?? measure)!.Sweep(narrow, range, diagnostics) : [];
        return rows is { } present
            && TryMeasure(measure, narrow, other, diagnostics, out var accuracy)
            && TryMeasure(test, narrow, other, diagnostics, out var testAccuracy)
            && (sweep == null || _sweep.Write(result, present, diagnostics))
                ? new CompressReport(narrow, made.Layers, accuracy, testAccuracy, present)
                : null;
    }

    /// <summary>False when an error was reported; no accuracy where there is nothing to measure on.</summary>
    private static bool TryMeasure(CompressMeasure? measure, Graph graph, Graph? longMultipliers, DiagnosticBag diagnostics, out CompressAccuracy? accuracy)
    {
        accuracy = measure?.Of(graph, longMultipliers, diagnostics);
        return measure == null || accuracy != null;
    }

    private Budget? Budget(ParseResult result) =>
        result.GetValue(_sizeBudget) is { } bytes ? new Budget(BudgetKind.WeightBytes, bytes)
        : result.GetValue(_macBudget) is { } macs ? new Budget(BudgetKind.Macs, macs)
        : null;

    /// <summary>The settings with requests for each layer that keep to a budget; null, reported, where none do.</summary>
    private static CompressionSettings? Within(
        Budget? budget, FloatGraph graph, RealData data, CompressionSettings settings, DiagnosticBag diagnostics) =>
        budget is not { } limit ? settings
        : BudgetPlanner.Run(graph, data.Samples, settings, limit, Terminal.Progress, diagnostics) is { } weights ? settings with { Weights = weights }
        : null;
}
