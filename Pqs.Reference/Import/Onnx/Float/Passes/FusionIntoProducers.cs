using System.Collections.Immutable;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Reference.Import.Onnx.Float.Passes;

/// <summary>Joins a node with the one that makes its input, where nothing else reads that.</summary>
internal static class FusionIntoProducers
{
    /// <summary>An affine node into the affine node before it.</summary>
    public static FloatGraph AffineChains(FloatGraph graph) => Fuse(graph, (producer, node) =>
        producer is ChannelAffine first && node is ChannelAffine second && first.Channels == second.Channels ? first.Then(second) : null);

    /// <summary>An affine node into the dot products before it.</summary>
    public static FloatGraph Affines(FloatGraph graph) => Fuse(graph, (producer, node) =>
        producer is FloatDotProductOperator dot && node is ChannelAffine affine && dot.Activation == FloatRange.None && dot.OutputChannels == affine.Channels
            ? affine.After(dot)
            : null);

    /// <summary>A clamp into whatever before it can clamp.</summary>
    public static FloatGraph Clamps(FloatGraph graph) => Fuse(graph, (producer, node) => (producer, node) switch
    {
        (FloatDotProductOperator dot, Clamp clamp) => dot with { Activation = dot.Activation.Then(clamp.Range) },
        (FloatAdd add, Clamp clamp) => new FloatAdd(add.Activation.Then(clamp.Range)),
        (FloatPool2D pool, Clamp clamp) => pool with { Activation = pool.Activation.Then(clamp.Range) },
        (Clamp first, Clamp second) => new Clamp(first.Range.Then(second.Range)),
        _ => null,
    });

    /// <param name="graph">The graph.</param>
    /// <param name="join">One operator for two, or null where they stay apart.</param>
    private static FloatGraph Fuse(FloatGraph graph, Func<FloatOperator, FloatOperator, FloatOperator?> join)
    {
        var uses = new TensorUses(graph);
        var nodes = ImmutableArray.CreateBuilder<FloatNode>(graph.Nodes.Length);
        var producers = new Dictionary<int, int>();
        foreach (var node in graph.Nodes)
        {
            if (uses.IsSingle(node.Inputs[0])
                && producers.TryGetValue(node.Inputs[0], out var position)
                && join(nodes[position].Operator, node.Operator) is { } joined)
            {
                nodes[position] = nodes[position] with { Operator = joined, Output = node.Output };
            }
            else
            {
                position = nodes.Count;
                nodes.Add(node);
            }

            producers[node.Output] = position;
        }

        return graph with { Nodes = nodes.ToImmutable() };
    }
}
