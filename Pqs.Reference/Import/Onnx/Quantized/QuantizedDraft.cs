using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>The graph under construction.</summary>
internal sealed class QuantizedDraft(string file, DiagnosticBag diagnostics)
{
    /// <summary>Names longer than this are cut: they are for people, and generated files repeat them.</summary>
    private const int MaximumNameLength = 256;

    private readonly List<Tensor> _tensors = [];
    private readonly List<Node> _nodes = [];
    private readonly Dictionary<(int Tensor, Shape Shape), int> _reshaped = [];
    private long _constants;

    public ImmutableArray<Tensor> Tensors => [.. _tensors];

    public ImmutableArray<Node> Nodes => [.. _nodes];

    public Tensor this[int tensor]
    {
        get => _tensors[tensor];
        set => _tensors[tensor] = value;
    }

    /// <summary>False, reported, when nodes that share constants come to more elements than a graph may have.</summary>
    public bool Claim(long constants)
    {
        _constants += constants;
        if (_constants <= GraphVerifier.MaximumElements)
        {
            return true;
        }

        diagnostics.Report(DiagnosticDescriptors.GraphTooLarge, file, "weights", _constants, GraphVerifier.MaximumElements);
        return false;
    }

    public int AddTensor(string name, Shape shape, Quantization quantization)
    {
        _tensors.Add(new Tensor(Cut(name), shape, quantization, _tensors.Count));
        return _tensors.Count - 1;
    }

    public void Rename(int tensor, string name) => this[tensor] = this[tensor] with { Name = Cut(name) };

    /// <returns>The tensor that the node writes.</returns>
    public int AddNode(string origin, Operator @operator, ImmutableArray<int> inputs, string name, Shape output, Quantization quantization)
    {
        var tensor = AddTensor(name, output, quantization);
        _nodes.Add(new Node(origin, @operator, inputs, tensor));
        return tensor;
    }

    /// <summary>The tensor in another shape: itself, or that of a reshape, which is made once for all who need it.</summary>
    public int InShape(int tensor, Shape shape, OnnxNode node)
    {
        if (this[tensor].Shape == shape)
        {
            return tensor;
        }

        if (!_reshaped.TryGetValue((tensor, shape), out var reshaped))
        {
            reshaped = AddNode(node.Origin, new Reshape(), [tensor], this[tensor].Name, shape, this[tensor].Quantization);
            _reshaped.Add((tensor, shape), reshaped);
        }

        return reshaped;
    }

    private static string Cut(string name) =>
        name.Length <= MaximumNameLength ? name : name[..(char.IsHighSurrogate(name[MaximumNameLength - 1]) ? MaximumNameLength - 1 : MaximumNameLength)];
}
