using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Model;

/// <summary>How much work a node is, whatever code does it.</summary>
public static class WorkCount
{
    /// <summary>Multiply-accumulates of one inference: K for each output value of a dot-product operator, padded taps included; else 0.</summary>
    public static long Macs(Graph graph, Node node) =>
        node.Operator is DotProductOperator dot ? (long)graph.Tensors[node.Output].Shape.ElementCount * dot.ProductCount : 0;

    /// <summary>Those of them whose weight is not zero.</summary>
    public static long NonZeroMacs(Graph graph, Node node) => node.Operator is DotProductOperator dot
        ? (long)graph.Tensors[node.Output].Shape.ElementCount / dot.OutputChannels * dot.Weights.Count(weight => weight != 0)
        : 0;
}
