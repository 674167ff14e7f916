using System.Collections.Immutable;

namespace Pqs.Reference.Model;

/// <summary>
/// A quantized network: a directed acyclic graph of nodes in an order in which every tensor is written before it is read.
/// What holds for every graph is listed and checked in <see cref="GraphVerifier"/>.
/// </summary>
/// <param name="Name">Name of the model, as the user's file is called without its extension.</param>
/// <param name="SourceHash">SHA-256 of the model file, 64 lower-case hex digits.</param>
/// <param name="Tensors">All activation tensors; the index is the id.</param>
/// <param name="Nodes">In execution order.</param>
/// <param name="Inputs">Ids of the tensors that a caller supplies.</param>
/// <param name="Outputs">Ids of the tensors that a caller receives; each is written by a node.</param>
public sealed record Graph(
    string Name,
    string SourceHash,
    ImmutableArray<Tensor> Tensors,
    ImmutableArray<Node> Nodes,
    ImmutableArray<int> Inputs,
    ImmutableArray<int> Outputs)
{
    /// <summary>Bytes of one sample: all input tensors, one after another.</summary>
    public int InputBytes => Inputs.Sum(id => Tensors[id].Shape.ElementCount);

    /// <summary>Bytes of one sample's results: all output tensors, one after another.</summary>
    public int OutputBytes => Outputs.Sum(id => Tensors[id].Shape.ElementCount);
}
