using Pqs.Reference.FloatModel;

namespace Pqs.Reference.Import.Onnx.Float.Passes;

/// <summary>How often each tensor of a graph is read; the caller's reading of an output counts.</summary>
internal sealed class TensorUses
{
    private readonly int[] _counts;

    public TensorUses(FloatGraph graph)
    {
        _counts = new int[graph.Tensors.Length];
        foreach (var id in graph.Nodes.SelectMany(node => node.Inputs).Concat(graph.Outputs))
        {
            _counts[id]++;
        }
    }

    /// <summary>True when one node's input, or the caller, is all that reads the tensor.</summary>
    public bool IsSingle(int tensor) => _counts[tensor] == 1;
}
