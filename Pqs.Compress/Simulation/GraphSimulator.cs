using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Compress.Simulation;

/// <summary>
/// Runs a quantized graph many times faster than the reference interpreter and to the same bits, where each accumulator gives the exact sum, saturated once:
/// the schedules <c>wide</c>, <c>bounded</c> and <c>exact</c>.
/// </summary>
public sealed class GraphSimulator
{
    private readonly Graph _graph;
    private readonly DotProductSums?[] _sums;

    private GraphSimulator(Graph graph)
    {
        _graph = graph;
        _sums = [.. graph.Nodes.Select(node => node.Operator is DotProductOperator dot ? Sums(graph, node, dot) : null)];
    }

    /// <returns>A simulator; null for a graph with other schedules.</returns>
    public static GraphSimulator? For(Graph graph) =>
        graph.Nodes.All(node => node.Operator is not DotProductOperator dot
            || dot.Accumulator.Schedule is Schedule.WideSchedule or Schedule.BoundedSchedule or Schedule.ExactSchedule)
            ? new GraphSimulator(graph)
            : null;

    /// <returns>The elements of each tensor, by id, and for each node how many sums were outside its accumulator.</returns>
    /// <param name="sample">The input tensors one after another.</param>
    public (ImmutableArray<sbyte[]> Values, long[] Clips) Run(ReadOnlySpan<sbyte> sample)
    {
        var values = new sbyte[_graph.Tensors.Length][];
        foreach (var id in _graph.Inputs)
        {
            var size = _graph.Tensors[id].Shape.ElementCount;
            values[id] = sample[..size].ToArray();
            sample = sample[size..];
        }

        var clips = new long[_graph.Nodes.Length];
        foreach (var (index, node) in _graph.Nodes.Index())
        {
            var output = _graph.Tensors[node.Output];
            if (node.Operator is DotProductOperator dot)
            {
                (values[node.Output], clips[index]) = LayerOutput.Of(dot, _sums[index]!.Run(values[node.Inputs[0]]), output.Quantization.ZeroPoint);
            }
            else
            {
                values[node.Output] = SingleNode.Run(
                    node.Operator, [.. node.Inputs.Select(id => _graph.Tensors[id])], output, [.. node.Inputs.Select(id => values[id])]);
            }
        }

        return (ImmutableArray.Create(values), clips);
    }

    private static DotProductSums Sums(Graph graph, Node node, DotProductOperator dot)
    {
        var input = graph.Tensors[node.Inputs[0]];
        return new DotProductSums(dot, input.Shape, graph.Tensors[node.Output].Shape, input.Quantization.ZeroPoint);
    }
}
