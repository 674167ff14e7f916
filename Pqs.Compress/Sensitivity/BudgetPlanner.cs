using System.Collections.Immutable;
using Pqs.Compress.Pipeline;
using Pqs.Compress.Pruning;
using Pqs.Compress.Requests;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Compress.Sensitivity;

/// <summary>
/// Finds for each layer how much to prune it and how many bits its weights get, so that the whole network stays within a budget. What is asked for by name
/// stays; what is asked for in general is the limit: no layer is pruned further or has fewer bits.
/// </summary>
public static class BudgetPlanner
{
    /// <returns>Requests by layer, or null when an error was reported.</returns>
    public static WeightRequests? Run(
        FloatGraph graph, ImmutableArray<float[]> samples, CompressionSettings settings, Budget budget, Action<string> progress, DiagnosticBag diagnostics)
    {
        var layers = FloatLayers.Of(graph);
        settings.Weights.RequireLayers([.. layers.Values], diagnostics);
        if (diagnostics.HasErrors)
        {
            return null;
        }

        var measure = new SensitivityMeasure(graph, samples, settings);
        var options = new List<LayerOptions>();
        foreach (var (index, layer) in layers)
        {
            progress($"sensitivity of layer {index}");
            var dot = (FloatDotProductOperator)graph.Nodes[index].Operator;
            var positions = graph.Tensors[graph.Nodes[index].Output].Shape.ElementCount / dot.OutputChannels;
            options.Add(Options(layer, dot, positions, settings.Weights, budget.Kind, measure));
        }

        if (BudgetSearch.Run(options, budget.Limit) is not { } chosen)
        {
            var least = options.Sum(layer => layer.Options.Min(option => option.Cost));
            diagnostics.Report(DiagnosticDescriptors.BudgetNotMet, graph.Name, budget.Limit, budget.Kind == BudgetKind.Macs ? "MACs" : "bytes", least);
            return null;
        }

        return new WeightRequests(
            settings.Weights.Pruning with { Numbered = chosen.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Pattern) },
            settings.Weights.Bits with { Numbered = chosen.ToImmutableSortedDictionary(entry => entry.Key, entry => entry.Value.Bits) });
    }

    private static LayerOptions Options(
        LayerIdentity layer, FloatDotProductOperator dot, long positions, WeightRequests requests, BudgetKind kind, SensitivityMeasure measure)
    {
        var least = requests.PatternFor(layer);
        var leastBits = requests.Bits.For(layer);
        SparsityPattern[] patterns = requests.Pruning.Named(layer) != null || least.IsDense ? [least] : [.. Patterns(least)];
        int[] bits = requests.Bits.Named(layer) != null ? [leastBits] : [.. Enumerable.Range(leastBits, WeightRequests.MaximumBits - leastBits + 1).Reverse()];

        // Errors of pruning and of rounding are measured one by one and taken to add up.
        var pruning = measure.Errors(layer.Index, layer, [.. patterns.Select(pattern => new LayerChoice(pattern, bits[0]))]);
        var rounding = measure.Errors(layer.Index, layer, [.. bits.Select(b => new LayerChoice(patterns[0], b))]);
        return new LayerOptions(
            layer.Index,
            [
                .. patterns.Index().SelectMany(pattern => bits.Index().Select(bit =>
                {
                    var choice = new LayerChoice(pattern.Item, bit.Item);
                    return (choice, choice.Cost(kind, dot.OutputChannels, dot.ProductCount, positions), pruning[pattern.Index] + rounding[bit.Index] - rounding[0]);
                })),
            ]);
    }

    /// <summary>From dense to the sparsest, at most five.</summary>
    private static IEnumerable<SparsityPattern> Patterns(SparsityPattern least)
    {
        const int steps = 4;
        return Enumerable.Range(0, steps + 1)
            .Select(step => least.M - (int)Math.Round((double)step * (least.M - least.N) / steps))
            .Distinct()
            .Select(n => n == least.M ? SparsityPattern.Dense : least with { N = n });
    }
}
