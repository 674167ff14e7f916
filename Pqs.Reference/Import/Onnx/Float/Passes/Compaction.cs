using System.Collections.Immutable;
using Pqs.Reference.FloatModel;

namespace Pqs.Reference.Import.Onnx.Float.Passes;

/// <summary>Drops tensors that no node writes any more, and numbers the others in the order of their first appearance.</summary>
internal static class Compaction
{
    public static FloatGraph Run(FloatGraph graph)
    {
        var ids = new Dictionary<int, int>();
        foreach (var id in graph.Inputs.Concat(graph.Nodes.Select(node => node.Output)))
        {
            ids.TryAdd(id, ids.Count);
        }

        return graph with
        {
            Tensors = [.. ids.Keys.Select(id => graph.Tensors[id])],
            Nodes = [.. graph.Nodes.Select(node => node with { Inputs = Renamed(node.Inputs), Output = ids[node.Output] })],
            Inputs = Renamed(graph.Inputs),
            Outputs = Renamed(graph.Outputs),
        };

        ImmutableArray<int> Renamed(ImmutableArray<int> tensors) => [.. tensors.Select(id => ids[id])];
    }
}
