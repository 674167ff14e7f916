using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>Calibration data as a float network takes them.</summary>
/// <param name="Samples">Real numbers, the input tensors one after another.</param>
/// <param name="Labels">The right class of each, or null.</param>
/// <param name="Place">The labels in diagnostics.</param>
internal sealed record CalibrationData(ImmutableArray<float[]> Samples, ImmutableArray<int>? Labels, string Place);

/// <summary>The data that <c>pqs compress</c> measures on.</summary>
internal sealed class CompressDataOptions
{
    private const int DefaultSamples = 1000;

    private readonly Option<string?> _calibration = new("--calibration")
    {
        Description = "Some hundred samples as they occur in use: .npy, .npz, IDX, one of these as .gz, .bin (raw float32), or a folder of images. Needed for a float model.",
    };

    private readonly Option<string?> _labels = new("--labels")
    {
        Description = "The right class of each sample [default: the labels that the samples have with them; without any, what the float model says counts as right].",
    };

    private readonly Option<int?> _samples = new("--samples") { Description = "Use the first ones only, at most this many [default: 1000]." };

    private readonly Option<double?> _scale = new("--input-scale")
    {
        Description = "A stored value v stands for the real number v * scale + offset [default: 1/255 for uint8, else 1].",
    };

    private readonly Option<double?> _offset = new("--input-offset") { Description = "See --input-scale [default: 0]." };

    public CompressDataOptions()
    {
        _samples.Validators.Add(result => Check<int>(result, samples => samples >= 1, "--samples is at least 1."));
        _scale.Validators.Add(result => Check<double>(result, double.IsFinite, "--input-scale is a finite number."));
        _offset.Validators.Add(result => Check<double>(result, double.IsFinite, "--input-offset is a finite number."));
    }

    public Option Calibration => _calibration;

    public ImmutableArray<Option> All => [_calibration, _labels, _samples, _scale, _offset];

    /// <returns>At least one sample, or null when an error was reported.</returns>
    public CalibrationData? Load(ParseResult result, FloatGraph graph, DiagnosticBag diagnostics)
    {
        // Several inputs lie one after another in a sample, and have no shape in common.
        var shape = graph.Inputs.Length == 1 ? graph.Tensors[graph.Inputs[0]].Shape : new Shape(1, graph.InputElements);
        if (DataSetLoader.Load(result.GetValue(_calibration)!, shape, diagnostics) is not { } data)
        {
            return null;
        }

        var labels = data.Labels;
        var file = result.GetValue(_labels);
        if (file != null)
        {
            labels = LabelFile.Load(file, data.Count, diagnostics);
            if (labels == null)
            {
                return null;
            }
        }

        var count = Math.Min(data.Count, result.GetValue(_samples) ?? DefaultSamples);
        var scaling = new InputScaling(result.GetValue(_scale), result.GetValue(_offset));
        return new CalibrationData(
            [.. Enumerable.Range(0, count).Select(index => scaling.Reals(data, index))],
            labels?[..count],
            file == null ? "labels" : Path.GetFileName(file));
    }

    private static void Check<T>(OptionResult result, Func<T, bool> isPossible, string error)
        where T : struct, ISpanParsable<T>
    {
        if (result.Tokens.Count == 1
            && T.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value)
            && !isPossible(value))
        {
            result.AddError(error);
        }
    }
}
