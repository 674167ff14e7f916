using System.Collections.Immutable;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Reference.FloatModel;

/// <summary>
/// A network of real numbers, as it is before quantization: a directed acyclic graph of nodes in an order in which every tensor is written before it is read.
/// It has the structure and the operators of <see cref="Model.Graph"/>: batch normalization is folded, activations are fused, images are N×H×W×C.
/// What holds for every graph is listed and checked in <see cref="FloatGraphVerifier"/>.
/// </summary>
/// <param name="Name">Name of the model, as the user's file is called without its extension.</param>
/// <param name="SourceHash">SHA-256 of the model file, 64 lower-case hex digits.</param>
/// <param name="Tensors">All activation tensors; the index is the id.</param>
/// <param name="Nodes">In execution order.</param>
/// <param name="Inputs">Ids of the tensors that a caller supplies.</param>
/// <param name="Outputs">Ids of the tensors that a caller receives; each is written by a node.</param>
public sealed record FloatGraph(
    string Name,
    string SourceHash,
    ImmutableArray<FloatTensor> Tensors,
    ImmutableArray<FloatNode> Nodes,
    ImmutableArray<int> Inputs,
    ImmutableArray<int> Outputs)
{
    /// <summary>Elements of one sample: all input tensors, one after another.</summary>
    public int InputElements => Inputs.Sum(id => Tensors[id].Shape.ElementCount);

    /// <summary>Elements of one sample's results: all output tensors, one after another.</summary>
    public int OutputElements => Outputs.Sum(id => Tensors[id].Shape.ElementCount);

    /// <summary>Multiply-accumulates of one node in one inference: K for each output value of a dot-product operator, padded taps included; else 0.</summary>
    public long Macs(FloatNode node) =>
        node.Operator is FloatDotProductOperator dot ? (long)Tensors[node.Output].Shape.ElementCount * dot.ProductCount : 0;
}
