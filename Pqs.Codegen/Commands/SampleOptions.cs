using System.CommandLine;
using System.Globalization;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary>The samples that a command works on, and what their values stand for.</summary>
internal sealed class SampleOptions
{
    private readonly Option<string?> _inputs = CommonOptions.Inputs();

    private readonly Option<int?> _samples = new("--samples") { Description = "Use the first ones only, at most this many." };

    private readonly Option<double?> _scale = new("--input-scale")
    {
        Description = "A stored value v stands for the real number v * scale + offset [default: 1/255 for uint8, else 1].",
        HelpName = "number",
    };

    private readonly Option<double?> _offset = new("--input-offset") { Description = "See --input-scale [default: 0].", HelpName = "number" };

    public SampleOptions(bool areRequired)
    {
        _inputs.Required = areRequired;
        _samples.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out var samples) && samples < 1)
            {
                result.AddError("--samples is at least 1.");
            }
        });
        foreach (var option in (Option<double?>[])[_scale, _offset])
        {
            option.Validators.Add(result =>
            {
                if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value) && !double.IsFinite(value))
                {
                    result.AddError($"{option.Name} is a finite number.");
                }
            });
        }
    }

    public void AddTo(Command command)
    {
        command.Options.Add(_inputs);
        command.Options.Add(_samples);
        command.Options.Add(_scale);
        command.Options.Add(_offset);
    }

    /// <summary>The samples of a file or a folder, or made-up ones where none is given; null when an error was reported.</summary>
    /// <param name="labels">A file of labels, or null for those that the samples have with them.</param>
    public SampleSet? Load(ParseResult result, Graph graph, string? labels, DiagnosticBag diagnostics)
    {
        var maximum = result.GetValue(_samples) ?? int.MaxValue;
        return result.GetValue(_inputs) is { } path
            ? SampleFile.Load(path, graph, new InputScaling(result.GetValue(_scale), result.GetValue(_offset)), labels, maximum, diagnostics)
            : new SampleSet([.. SampleGenerator.Generate(graph).Take(maximum)], null);
    }
}
