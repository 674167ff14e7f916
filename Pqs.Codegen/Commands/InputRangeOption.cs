using System.CommandLine;
using System.Globalization;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Commands;

/// <summary><c>--input-range</c>: what a caller promises of all inputs.</summary>
internal sealed class InputRangeOption
{
    private readonly Option<string?> _range = new("--input-range")
    {
        Description = "The caller's promise that all inputs hold quantized values in LOW..HIGH; proofs and code rest on it [default: the model's, or -128..127].",
        HelpName = "low..high",
    };

    public void AddTo(Command command) => command.Options.Add(_range);

    /// <returns>The graph with the promise, or null when an error was reported.</returns>
    public Graph? Apply(ParseResult result, Graph graph, DiagnosticBag diagnostics)
    {
        if (result.GetValue(_range) is not { } text)
        {
            return graph;
        }

        if (text.Split("..") is [var low, var high]
            && int.TryParse(low, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minimum)
            && int.TryParse(high, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var maximum)
            && new TensorRange(minimum, maximum) is { IsPossible: true } range)
        {
            return Declare(graph, _ => range);
        }

        diagnostics.Report(DiagnosticDescriptors.InputRangeMalformed, "--input-range", Printable.Name(text));
        return null;
    }

    /// <summary>A graph with ranges declared of its inputs.</summary>
    /// <param name="range">By position in <see cref="Graph.Inputs"/>.</param>
    public static Graph Declare(Graph graph, Func<int, TensorRange> range) => graph with
    {
        Tensors = [.. graph.Tensors.Select((tensor, id) => graph.Inputs.IndexOf(id) is >= 0 and var input ? tensor with { DeclaredRange = range(input) } : tensor)],
    };
}
