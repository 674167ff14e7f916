using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>Samples as a float network takes them.</summary>
/// <param name="Samples">Real numbers, the input tensors one after another.</param>
/// <param name="Labels">The right class of each, or null.</param>
/// <param name="Place">The labels in diagnostics.</param>
internal sealed record RealData(ImmutableArray<float[]> Samples, ImmutableArray<int>? Labels, string Place);

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

    private readonly Option<string?> _test = new("--test")
    {
        Description = "Samples that compression does not see, all of which accuracy is measured on too, and the sweep instead: files as for --calibration.",
    };

    private readonly Option<string?> _testLabels = new("--test-labels") { Description = "The right class of each sample of --test: as --labels." };

    private readonly Option<int?> _samples = new("--samples") { Description = "Calibrate with the first ones only, at most this many [default: 1000]." };

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

    public ImmutableArray<Option> All => [_calibration, _labels, _samples, _test, _testLabels, _scale, _offset];

    /// <summary>Adds the errors of usage.</summary>
    public void Require(CommandResult result)
    {
        if (result.GetResult(_testLabels) != null && result.GetResult(_test) == null)
        {
            result.AddError($"{_testLabels.Name} needs {_test.Name}.");
        }
    }

    /// <returns>At least one sample, or null when an error was reported.</returns>
    public RealData? Load(ParseResult result, FloatGraph graph, DiagnosticBag diagnostics) => Load(
        result, graph, result.GetValue(_calibration)!, result.GetValue(_labels), result.GetValue(_samples) ?? DefaultSamples, diagnostics);

    /// <summary>The samples to test with: none where none are asked for.</summary>
    /// <returns>False when an error was reported.</returns>
    public bool TryLoadTest(ParseResult result, FloatGraph graph, DiagnosticBag diagnostics, out RealData? data)
    {
        var path = result.GetValue(_test);
        data = path == null ? null : Load(result, graph, path, result.GetValue(_testLabels), int.MaxValue, diagnostics);
        return path == null || data != null;
    }

    private RealData? Load(ParseResult result, FloatGraph graph, string path, string? labelFile, int atMost, DiagnosticBag diagnostics)
    {
        // Several inputs lie one after another in a sample, and have no shape in common.
        var shape = graph.Inputs.Length == 1 ? graph.Tensors[graph.Inputs[0]].Shape : new Shape(1, graph.InputElements);
        if (DataSetLoader.Load(path, shape, diagnostics) is not { } data)
        {
            return null;
        }

        var labels = data.Labels;
        if (labelFile != null)
        {
            labels = LabelFile.Load(labelFile, data.Count, diagnostics);
            if (labels == null)
            {
                return null;
            }
        }

        var count = Math.Min(data.Count, atMost);
        var scaling = new InputScaling(result.GetValue(_scale), result.GetValue(_offset));
        return new RealData(
            [.. Enumerable.Range(0, count).Select(index => scaling.Reals(data, index))],
            labels?[..count],
            labelFile == null ? "labels" : Path.GetFileName(labelFile));
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
