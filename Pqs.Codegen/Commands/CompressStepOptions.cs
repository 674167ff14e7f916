using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Pqs.Codegen.Passes;
using Pqs.Compress.Quantizing;
using Pqs.Compress.Requests;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>How <c>pqs compress</c> goes about a float model.</summary>
internal sealed class CompressStepOptions
{
    private const string MinMax = "min-max";
    private const string Percentile = "percentile";
    private const string LeastSquares = "mse";
    private const string PruneFirst = "prune-first";
    private const string QuantizeFirst = "quantize-first";
    private const string None = "none";
    private const string Observed = "observed";
    private const string Proven = "proven";
    private const double DefaultClipRate = 1e-4;

    private static readonly (string Name, CompressionSteps Step)[] Steps =
    [
        ("equalization", CompressionSteps.Equalization),
        ("reconstruction", CompressionSteps.Reconstruction),
        ("error-feedback", CompressionSteps.ErrorFeedback),
        ("scale-search", CompressionSteps.ScaleSearch),
        ("bias-correction", CompressionSteps.BiasCorrection),
        ("propagation", CompressionSteps.Propagation),
    ];

    private readonly Option<int?> _activationBits = new("--activation-bits") { Description = "Bits of activations, 4 to 8; the model's input has 8 [default: 8]." };

    private readonly Option<string?> _activations = new("--activations") { Description = "How ranges of activations are chosen: min-max, percentile or mse [default: min-max]." };

    private readonly Option<string?> _order = new("--order") { Description = "prune-first, or quantize-first to compare with [default: prune-first]." };

    private readonly Option<string?> _without = new("--without")
    {
        Description = "Steps to leave out, separated by commas: " + string.Join(", ", Steps.Select(step => step.Name)) + ", or all.",
        HelpName = "steps",
    };

    private readonly Option<string?> _guarantee = new("--guarantee")
    {
        Description = "What weights are fitted to an accumulator for: proven, no sum ever leaves it; observed, few do on the calibration data; none [default: observed].",
    };

    private readonly Option<double?> _clipRate = new("--clip-rate") { Description = "The part of a channel's sums that may clip where it is observed [default: 0.0001]." };

    public CompressStepOptions()
    {
        _activations.AcceptOnlyFromAmong(MinMax, Percentile, LeastSquares);
        _order.AcceptOnlyFromAmong(PruneFirst, QuantizeFirst);
        _guarantee.AcceptOnlyFromAmong(None, Observed, Proven);
        _activationBits.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var bits)
                && bits is < ActivationGrid.MinimumBits or > ActivationGrid.MaximumBits)
            {
                result.AddError("--activation-bits is 4 to 8.");
            }
        });
        _clipRate.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var rate)
                && !(rate is >= 0 and < 1))
            {
                result.AddError("--clip-rate is at least 0 and below 1.");
            }
        });
    }

    public ImmutableArray<Option> All => [_activationBits, _activations, _order, _without, _guarantee, _clipRate];

    /// <returns>The settings, or null when an error was reported.</returns>
    /// <param name="accumulators">Widths by layer; <c>auto</c> replaces the default.</param>
    /// <param name="multiplierBits">15 or 31.</param>
    public CompressionSettings? Read(
        ParseResult result, WeightRequests weights, AccumulatorRequests accumulators, int multiplierBits, DiagnosticBag diagnostics)
    {
        var bits = new LayerRequests<int>(
            accumulators.Default?.Bits ?? Accumulator.MaximumBits,
            [.. accumulators.Layers.Select(layer => new LayerRequest<int>(layer.Pattern, layer.Request.Bits))]);
        var guarantee = result.GetValue(_guarantee) switch
        {
            None => Guarantee.None,
            Proven => Guarantee.Proven,
            _ => Guarantee.Observed,
        };
        var activations = result.GetValue(_activations) switch
        {
            Percentile => ActivationMethod.Percentile,
            LeastSquares => ActivationMethod.LeastSquares,
            _ => ActivationMethod.MinMax,
        };
        return ReadSteps(result.GetValue(_without), diagnostics) is { } steps
            ? new CompressionSettings(
                weights,
                new AccumulatorGoal(bits, guarantee, result.GetValue(_clipRate) ?? DefaultClipRate),
                result.GetValue(_activationBits) ?? ActivationGrid.MaximumBits,
                activations,
                multiplierBits,
                result.GetValue(_order) == QuantizeFirst,
                steps)
            : null;
    }

    private static CompressionSteps? ReadSteps(string? without, DiagnosticBag diagnostics)
    {
        var steps = CompressionSteps.All;
        foreach (var name in without?.Split(',', StringSplitOptions.TrimEntries) ?? [])
        {
            var left = name == "all" ? CompressionSteps.All : Steps.FirstOrDefault(step => step.Name == name).Step;
            if (left == CompressionSteps.None)
            {
                diagnostics.Report(DiagnosticDescriptors.StepUnknown, "--without", Printable.Name(name));
                return null;
            }

            steps &= ~left;
        }

        return steps;
    }
}
