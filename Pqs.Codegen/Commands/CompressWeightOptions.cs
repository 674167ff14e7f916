using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Pqs.Compress.Pruning;
using Pqs.Compress.Requests;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Commands;

/// <summary>What <c>pqs compress</c> is to do with weights: pruning and bits, with exceptions for single layers.</summary>
internal sealed class CompressWeightOptions
{
    private const string None = "none";

    private readonly Option<string?> _prune = new("--prune")
    {
        Description = "Keep at most N of every M consecutive weights, as N:M; N:MxG for a pattern that G adjacent channels share. "
            + "The first layer and depthwise convolutions stay dense.",
        HelpName = "n:m",
    };

    private readonly Option<string[]> _pruneLayers = new("--prune-layer")
    {
        Description = "The same for single layers, as PATTERN=N:M or PATTERN=none; the pattern is a number, an operator or an output's name, with * and ?. May be repeated.",
        HelpName = "pattern=n:m",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<string?> _bits = new("--weight-bits")
    {
        Description = "Bits of a weight, 2 to 8 [default: 8].",
        HelpName = "bits",
    };

    private readonly Option<string[]> _bitsLayers = new("--weight-bits-layer")
    {
        Description = "The same for single layers, as PATTERN=BITS. May be repeated.",
        HelpName = "pattern=bits",
        AllowMultipleArgumentsPerToken = false,
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_prune);
        command.Options.Add(_pruneLayers);
        command.Options.Add(_bits);
        command.Options.Add(_bitsLayers);
    }

    /// <returns>The requests, or null when an error was reported.</returns>
    public WeightRequests? Read(ParseResult result, DiagnosticBag diagnostics)
    {
        var prune = result.GetValue(_prune) is { } text ? ParsePattern(text, "--prune", diagnostics) : SparsityPattern.Dense;
        var bits = result.GetValue(_bits) is { } number ? ParseBits(number, "--weight-bits", diagnostics) : WeightRequests.MaximumBits;
        var pruneLayers = ReadLayers(result.GetValue(_pruneLayers), "--prune-layer", ParsePattern, diagnostics);
        var bitsLayers = ReadLayers(result.GetValue(_bitsLayers), "--weight-bits-layer", ParseBits, diagnostics);
        return diagnostics.HasErrors ? null : new WeightRequests(new(prune, pruneLayers), new(bits, bitsLayers));
    }

    /// <summary>Dense, reported, where the text is no pattern.</summary>
    private static SparsityPattern ParsePattern(string text, string option, DiagnosticBag diagnostics)
    {
        var pattern = text == None ? SparsityPattern.Dense : SparsityPattern.Parse(text);
        if (pattern == null)
        {
            diagnostics.Report(DiagnosticDescriptors.PruningPatternInvalid, option, Printable.Name(text));
        }

        return pattern ?? SparsityPattern.Dense;
    }

    /// <summary>The most bits, reported, where the text is no possible number.</summary>
    private static int ParseBits(string text, string option, DiagnosticBag diagnostics)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits is >= WeightRequests.MinimumBits and <= WeightRequests.MaximumBits)
        {
            return bits;
        }

        diagnostics.Report(DiagnosticDescriptors.WeightBitsInvalid, option, Printable.Name(text));
        return WeightRequests.MaximumBits;
    }

    private static ImmutableArray<LayerRequest<T>> ReadLayers<T>(
        string[]? texts, string option, Func<string, string, DiagnosticBag, T> parse, DiagnosticBag diagnostics)
    {
        var requests = ImmutableArray.CreateBuilder<LayerRequest<T>>();
        foreach (var text in texts ?? [])
        {
            // The last sign, since a name may hold others.
            var equals = text.LastIndexOf('=');
            if (equals < 1)
            {
                diagnostics.Report(DiagnosticDescriptors.LayerRequestMalformed, option, Printable.Name(text));
                continue;
            }

            requests.Add(new LayerRequest<T>(text[..equals], parse(text[(equals + 1)..], option, diagnostics)));
        }

        return requests.ToImmutable();
    }
}
