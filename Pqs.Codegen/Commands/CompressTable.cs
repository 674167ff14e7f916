using System.Numerics;
using Pqs.Codegen.Analysis;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Spectre.Console;

namespace Pqs.Codegen.Commands;

/// <summary>What became of each layer, for people.</summary>
internal static class CompressTable
{
    public static void Print(Graph graph)
    {
        var ranges = RangeAnalysis.Run(graph);
        var table = Terminal.NewTable(">#", "layer", "output", ">weights", ">kept", "N:M", ">bits", "accumulator", "proof");
        foreach (var (index, node) in graph.Nodes.Index())
        {
            if (node.Operator is DotProductOperator dot)
            {
                var input = node.Inputs[0];
                var bounds = AccumulatorAnalysis.Run(dot, ranges[input], graph.Tensors[input].Quantization.ZeroPoint);
                var (bits, schedule) = dot.Accumulator;
                var clips = bounds.Count(channel => channel.ClipAt(bits) > 0);
                var proof = ProofText.Name(bounds.Max(channel => channel.ProofAt(bits)));
                table.AddRow(
                    Text.Number(index),
                    dot.Name,
                    graph.Tensors[node.Output].Shape.ToString(),
                    Text.Number(dot.Weights.Length),
                    Text.Number(dot.Weights.Count(weight => weight != 0)),
                    PruningPattern.Detect(dot)?.ToString() ?? "dense",
                    Text.Number(WeightBits(dot)),
                    $"{bits} bits, {schedule.Name}",
                    clips > 0 ? $"{proof}; {clips} of {bounds.Length} channels may clip" : proof);
            }
        }

        Terminal.Write(table);
        var layers = graph.Nodes.Select(node => node.Operator).OfType<DotProductOperator>().ToArray();
        var weights = layers.Sum(dot => (long)dot.Weights.Length);
        var kept = layers.Sum(dot => dot.Weights.LongCount(weight => weight != 0));
        Console.Out.WriteLine($"{Printable.Line(graph.Name)}: {Text.Number(kept)} of {Text.Number(weights)} weights kept");
    }

    /// <summary>The bits of the widest weight, in two's complement.</summary>
    private static int WeightBits(DotProductOperator dot) =>
        dot.Weights.Max(weight => 33 - BitOperations.LeadingZeroCount((uint)(weight < 0 ? ~weight : weight)));
}
