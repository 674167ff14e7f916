using System.Collections.Immutable;
using Pqs.Compress.Requests;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Compress.Pipeline;

/// <summary>The layers with dot products of a float network, by the number of their node.</summary>
internal static class FloatLayers
{
    public static ImmutableSortedDictionary<int, LayerIdentity> Of(FloatGraph graph)
    {
        var layers = ImmutableSortedDictionary.CreateBuilder<int, LayerIdentity>();
        foreach (var (index, node) in graph.Nodes.Index())
        {
            if (node.Operator is FloatDotProductOperator)
            {
                layers.Add(
                    index,
                    new LayerIdentity(index, node.Operator.Name, graph.Tensors[node.Output].Name, node.Operator is FloatDepthwiseConv2D, layers.Count == 0));
            }
        }

        return layers.ToImmutable();
    }
}
