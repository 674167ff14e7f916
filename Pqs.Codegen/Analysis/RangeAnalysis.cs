using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Analysis;

/// <summary>
/// Finds for each tensor the values that its elements can take. Inputs hold what is declared of them; a clamped output cannot leave its clamp (a ReLU's starts at its
/// zero point); operators that move or select values pass their input's range on.
/// </summary>
public static class RangeAnalysis
{
    /// <returns>By tensor id.</returns>
    public static ImmutableArray<TensorRange> Run(Graph graph)
    {
        TensorRange[] ranges = [.. graph.Tensors.Select(tensor => tensor.DeclaredRange)];
        foreach (var node in graph.Nodes)
        {
            var input = ranges[node.Inputs[0]];
            ranges[node.Output] = node.Operator switch
            {
                DotProductOperator dot => TensorRange.Full.Clamp(dot.OutputRange),
                Add add => TensorRange.Full.Clamp(add.OutputRange),
                Pool2D pool => input.Clamp(pool.OutputRange),
                Reshape => input,
                Pad => input.Union(ZeroPoint(graph, node)),
                _ => TensorRange.Full,
            };
        }

        return [.. ranges];
    }

    private static TensorRange ZeroPoint(Graph graph, Node node)
    {
        var zeroPoint = graph.Tensors[node.Output].Quantization.ZeroPoint;
        return new TensorRange(zeroPoint, zeroPoint);
    }
}
