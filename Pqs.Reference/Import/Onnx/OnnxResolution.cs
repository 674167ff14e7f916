using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx;

/// <summary>Resolves the names of one parsed file: which value is a constant, an input, or written by which node; which nodes are needed, in which order.</summary>
internal sealed class OnnxResolution(ModelProto model, int opset, string file, DiagnosticBag diagnostics)
{
    /// <summary>Quantizing and dequantizing nodes stand beside each one that becomes a node of the graph.</summary>
    private const int MaximumNodes = 8 * GraphVerifier.MaximumNodes;

    private const int MaximumOperands = 64;

    private const int MaximumNameLength = 80;

    private readonly Dictionary<string, TensorProto> _initializers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _producers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> _inputNames = new(StringComparer.Ordinal);

    private Google.Protobuf.Collections.RepeatedField<NodeProto> Nodes => model.Graph.Node;

    public OnnxSourceModel? Run()
    {
        if (!RequireLimit("nodes", Nodes.Count, MaximumNodes)
            || !RequireLimit("graph outputs", model.Graph.Output.Count, GraphVerifier.MaximumNodes)
            || !RequireLimit("graph inputs", model.Graph.Input.Count, MaximumNodes))
        {
            return null;
        }

        if (!ReadInitializers() || ReadInputs() is not { } inputs || !ReadProducers() || OrderedNodes() is not { } order || ResolveNodes(order) is not { } nodes)
        {
            return null;
        }

        ImmutableArray<string> outputs = [.. model.Graph.Output.Select(output => output.Name)];
        foreach (var output in outputs.Where(output => _constants.ContainsKey(output)).Concat(outputs.CountBy(output => output).Where(count => count.Value > 1).Select(count => count.Key)))
        {
            diagnostics.Report(DiagnosticDescriptors.OutputNotWritten, file, Printable.Name(output));
        }

        if (diagnostics.HasErrors)
        {
            return null;
        }

        return new OnnxSourceModel(
            file, opset, nodes, inputs, outputs, [.. model.MetadataProps.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))]);
    }

    /// <returns>False, for those who refuse in passing.</returns>
    private bool Refuse(DiagnosticDescriptor descriptor, string place, params object[] arguments)
    {
        diagnostics.Report(descriptor, place, arguments);
        return false;
    }

    private bool RequireLimit(string what, int count, int limit) => count <= limit || Refuse(DiagnosticDescriptors.GraphTooLarge, file, what, count, limit);

    private bool ReadInitializers()
    {
        foreach (var initializer in model.Graph.Initializer)
        {
            if (!_initializers.TryAdd(initializer.Name, initializer))
            {
                return Refuse(DiagnosticDescriptors.TensorWrittenTwice, file, Printable.Name(initializer.Name));
            }
        }

        return true;
    }

    /// <summary>Files of the format's first versions list the initializers among the inputs.</summary>
    private ImmutableArray<OnnxInput>? ReadInputs()
    {
        var inputs = ImmutableArray.CreateBuilder<OnnxInput>();
        var isComplete = true;
        foreach (var info in model.Graph.Input.Where(info => !_initializers.ContainsKey(info.Name)))
        {
            if (!_inputNames.Add(info.Name))
            {
                Refuse(DiagnosticDescriptors.TensorWrittenTwice, file, Printable.Name(info.Name));
                return null;
            }

            if (OnnxInput.Read(info, file, diagnostics) is { } input)
            {
                inputs.Add(input);
            }
            else
            {
                isComplete = false;
            }
        }

        return isComplete ? inputs.ToImmutable() : null;
    }

    private bool ReadProducers()
    {
        foreach (var (index, node) in Nodes.Index())
        {
            if (node.Input.Count > MaximumOperands || node.Output.Count > MaximumOperands || node.Attribute.Count > MaximumOperands)
            {
                return Refuse(DiagnosticDescriptors.FileMalformed, Place(index), $"it has more than {MaximumOperands} operands or attributes");
            }

            foreach (var output in node.Output.Where(output => output.Length > 0))
            {
                if (_initializers.ContainsKey(output) || _inputNames.Contains(output) || !_producers.TryAdd(output, index))
                {
                    return Refuse(DiagnosticDescriptors.TensorWrittenTwice, Place(index), Printable.Name(output));
                }
            }
        }

        return true;
    }

    /// <summary>The nodes that the outputs need, as near to the file's order as what they read allows.</summary>
    private ImmutableArray<int>? OrderedNodes()
    {
        var isLive = new bool[Nodes.Count];
        var pending = new Stack<string>(model.Graph.Output.Select(output => output.Name));
        while (pending.TryPop(out var value))
        {
            if (_producers.TryGetValue(value, out var index) && !isLive[index])
            {
                isLive[index] = true;
                foreach (var input in Nodes[index].Input)
                {
                    pending.Push(input);
                }
            }
        }

        for (var index = 0; index < isLive.Length; index++)
        {
            // A constant that nothing reads is not worth a note.
            if (!isLive[index] && Nodes[index].OpType != "Constant")
            {
                diagnostics.Report(DiagnosticDescriptors.NodeDropped, file, Origin(index));
            }
        }

        return Sort([.. Enumerable.Range(0, isLive.Length).Where(index => isLive[index])]);
    }

    private ImmutableArray<int>? Sort(ImmutableArray<int> live)
    {
        var missing = live.ToDictionary(index => index, index => Sources(index).Count);
        var readers = live.SelectMany(index => Sources(index).Select(source => (source, index))).ToLookup(edge => edge.source, edge => edge.index);
        var ready = new PriorityQueue<int, int>(live.Where(index => missing[index] == 0).Select(index => (index, index)));
        var order = ImmutableArray.CreateBuilder<int>(live.Length);
        while (ready.TryDequeue(out var index, out _))
        {
            order.Add(index);
            foreach (var reader in readers[index].Where(reader => --missing[reader] == 0))
            {
                ready.Enqueue(reader, reader);
            }
        }

        if (order.Count < live.Length)
        {
            var stuck = live.First(index => missing[index] > 0);
            Refuse(DiagnosticDescriptors.TensorOrder, Place(stuck), Printable.Name(Nodes[stuck].Input.First(_producers.ContainsKey)));
            return null;
        }

        return order.ToImmutable();

        HashSet<int> Sources(int index) => [.. Nodes[index].Input.Where(_producers.ContainsKey).Select(input => _producers[input])];
    }

    private ImmutableArray<OnnxNode>? ResolveNodes(ImmutableArray<int> order)
    {
        var nodes = ImmutableArray.CreateBuilder<OnnxNode>();
        foreach (var index in order)
        {
            if (Resolve(index) is not { } node)
            {
                return null;
            }

            if (node.Operator == "Constant")
            {
                if (OnnxConstant.Read(node) is not { } constant)
                {
                    return null;
                }

                _constants.Add(constant.Name, constant);
            }
            else if (node is { Operator: "Identity", Inputs: [{ Constant: { } constant }], Outputs: [{ Length: > 0 } output] })
            {
                _constants.Add(output, constant.Named(output));
            }
            else
            {
                nodes.Add(node);
            }
        }

        return nodes.ToImmutable();
    }

    private OnnxNode? Resolve(int index)
    {
        var proto = Nodes[index];
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, AttributeProto>(StringComparer.Ordinal);
        foreach (var attribute in proto.Attribute)
        {
            if (!attributes.TryAdd(attribute.Name, attribute))
            {
                Refuse(DiagnosticDescriptors.FileMalformed, Place(index), $"attribute {Printable.Name(attribute.Name)} is given twice");
                return null;
            }
        }

        var inputs = ImmutableArray.CreateBuilder<OnnxOperand?>(proto.Input.Count);
        foreach (var name in proto.Input)
        {
            if (name.Length > 0 && ConstantOf(name, index) == null && !_producers.ContainsKey(name) && !_inputNames.Contains(name))
            {
                if (!_initializers.ContainsKey(name))
                {
                    Refuse(DiagnosticDescriptors.FileMalformed, Place(index), $"it reads {Printable.Name(name)}, which does not exist");
                }

                return null;
            }

            inputs.Add(name.Length == 0 ? null : new OnnxOperand(name, _constants.GetValueOrDefault(name)));
        }

        return new OnnxNode(
            index, OperatorOf(proto), proto.Name, inputs.ToImmutable(), [.. proto.Output], attributes.ToImmutable(), opset, file, diagnostics);
    }

    /// <summary>The constant of a name, if it is one; initializers are opened when a node first reads them.</summary>
    private OnnxTensor? ConstantOf(string name, int reader)
    {
        if (!_constants.TryGetValue(name, out var constant) && _initializers.TryGetValue(name, out var proto)
            && OnnxTensor.Open(name, proto, Place(reader), diagnostics) is { } opened)
        {
            _constants.Add(name, constant = opened);
        }

        return constant;
    }

    private string Origin(int index) => $"node {index} {OperatorOf(Nodes[index])}";

    private string Place(int index) => Nodes[index].Name is { Length: > 0 } name ? $"{file}: {Origin(index)} {Printable.Name(name)}" : $"{file}: {Origin(index)}";

    private static string OperatorOf(NodeProto node)
    {
        var name = node.Domain is "" or "ai.onnx" ? node.OpType : $"{node.Domain}.{node.OpType}";
        return string.Concat(name.Take(MaximumNameLength).Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' ? c : '?'));
    }
}
