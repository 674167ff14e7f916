using System.Collections.Immutable;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>The graph under construction.</summary>
internal sealed class DraftGraph
{
    private readonly List<FloatTensor> _tensors = [];
    private readonly List<FloatNode> _nodes = [];
    private readonly Dictionary<(int Tensor, Shape Shape), int> _reshaped = [];
    private long _claimed;

    public ImmutableArray<FloatTensor> Tensors => [.. _tensors];

    public ImmutableArray<FloatNode> Nodes => [.. _nodes];

    /// <summary>True when the constants claimed so far are more than a graph may have.</summary>
    public bool IsFull => _claimed > GraphVerifier.MaximumElements;

    public Shape ShapeOf(int tensor) => _tensors[tensor].Shape;

    public bool IsWritten(int tensor) => _nodes.Exists(node => node.Output == tensor);

    /// <summary>Counts elements of constants that are made from those of the file, since nodes may share these.</summary>
    /// <returns>False when they are too many.</returns>
    public bool Claim(long elements)
    {
        _claimed += elements;
        return !IsFull;
    }

    public void Rename(int tensor, string name) => _tensors[tensor] = _tensors[tensor] with { Name = name };

    public int AddTensor(string name, Shape shape)
    {
        _tensors.Add(new FloatTensor(name, shape));
        return _tensors.Count - 1;
    }

    /// <returns>The tensor that the node writes.</returns>
    public int AddNode(string origin, FloatOperator @operator, ImmutableArray<int> inputs, string name, Shape output)
    {
        var tensor = AddTensor(name, output);
        _nodes.Add(new FloatNode(origin, @operator, inputs, tensor));
        return tensor;
    }

    /// <summary>The tensor of a value in another shape: itself, or that of a reshape, which is made once for all who need it.</summary>
    public int InShape(ActivationValue value, Shape shape)
    {
        if (ShapeOf(value.Tensor) == shape)
        {
            return value.Tensor;
        }

        if (!_reshaped.TryGetValue((value.Tensor, shape), out var tensor))
        {
            tensor = AddNode(value.Origin, new FloatReshape(), [value.Tensor], value.Name, shape);
            _reshaped.Add((value.Tensor, shape), tensor);
        }

        return tensor;
    }
}
