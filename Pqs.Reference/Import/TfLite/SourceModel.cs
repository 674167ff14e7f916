using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.TfLite;

/// <summary>The only subgraph of a model file, with every index in it checked.</summary>
internal sealed record SourceModel(
    string File, ImmutableArray<SourceNode> Nodes, ImmutableArray<SourceTensor> Inputs, ImmutableArray<SourceTensor> Outputs)
{
    /// <summary>Index of an operand that is left out.</summary>
    private const int Absent = -1;

    /// <summary>Nodes may share one vector of operands, so a small file can claim very many.</summary>
    private const int MaximumOperands = 64;

    public static SourceModel? Read(FlatTable model, string file, DiagnosticBag diagnostics)
    {
        if (model.Int(TfLiteSchema.Model.Version) is var version && version != TfLiteSchema.SupportedVersion)
        {
            diagnostics.Report(DiagnosticDescriptors.FormatUnknown, file, $"schema version {version}, not {TfLiteSchema.SupportedVersion}");
            return null;
        }

        if (model.Length(TfLiteSchema.Model.Subgraphs) is var count && count != 1)
        {
            diagnostics.Report(DiagnosticDescriptors.SubgraphCount, file, count);
            return null;
        }

        var subgraph = model.VectorTable(TfLiteSchema.Model.Subgraphs, 0);
        if (ReadTensors(model, subgraph, file, diagnostics) is not { } tensors
            || Resolve(subgraph, TfLiteSchema.Subgraph.Inputs, tensors, "graph input", file, diagnostics) is not { } inputs
            || Resolve(subgraph, TfLiteSchema.Subgraph.Outputs, tensors, "graph output", file, diagnostics) is not { } outputs
            || ReadNodes(model, subgraph, tensors, file, diagnostics) is not { } nodes)
        {
            return null;
        }

        if (inputs.Contains(null) || outputs.Contains(null))
        {
            diagnostics.Report(DiagnosticDescriptors.FileMalformed, file, "a graph input or output is left out");
            return null;
        }

        return new SourceModel(file, nodes, [.. inputs.Select(input => input!)], [.. outputs.Select(output => output!)]);
    }

    /// <summary>
    /// The nodes whose results reach a graph output, in file order. Others, such as the shape arithmetic that some exporters put before a
    /// reshape, whose result the static shapes already give, are noted and left out.
    /// </summary>
    public ImmutableArray<SourceNode> LiveNodes(DiagnosticBag diagnostics)
    {
        var producers = new Dictionary<int, int>();
        for (var position = 0; position < Nodes.Length; position++)
        {
            foreach (var output in Nodes[position].Outputs)
            {
                if (output != null && !producers.TryAdd(output.Index, position))
                {
                    diagnostics.Report(DiagnosticDescriptors.TensorWrittenTwice, Nodes[position].Place, output.QuotedName);
                    return [];
                }
            }
        }

        var isLive = new bool[Nodes.Length];
        var pending = new Stack<int>(Outputs.Select(output => output.Index));
        while (pending.TryPop(out var tensor))
        {
            if (producers.TryGetValue(tensor, out var position) && !isLive[position])
            {
                isLive[position] = true;
                foreach (var input in DataInputs(Nodes[position]))
                {
                    pending.Push(input.Index);
                }
            }
        }

        for (var position = 0; position < Nodes.Length; position++)
        {
            if (!isLive[position])
            {
                diagnostics.Report(DiagnosticDescriptors.NodeDropped, File, Nodes[position].Origin);
            }
        }

        return [.. Nodes.Where((_, position) => isLive[position])];
    }

    /// <summary>A reshape's second operand repeats the shape that its output tensor has anyway.</summary>
    private static IEnumerable<SourceTensor> DataInputs(SourceNode node)
    {
        var isReshape = node.Code is BuiltinOperator.Reshape or BuiltinOperator.ExpandDims or BuiltinOperator.Squeeze;
        return node.Inputs.Take(isReshape ? 1 : node.Inputs.Count).OfType<SourceTensor>();
    }

    private static ImmutableArray<SourceTensor>? ReadTensors(FlatTable model, FlatTable subgraph, string file, DiagnosticBag diagnostics)
    {
        var count = model.Length(TfLiteSchema.Model.Buffers);
        var buffers = new Dictionary<uint, SourceBuffer>();
        var tensors = ImmutableArray.CreateBuilder<SourceTensor>();
        for (var index = 0; index < subgraph.Length(TfLiteSchema.Subgraph.Tensors); index++)
        {
            var table = subgraph.VectorTable(TfLiteSchema.Subgraph.Tensors, index);
            var number = table.UInt(TfLiteSchema.Tensor.Buffer);
            if (number >= count && number != 0)
            {
                diagnostics.Report(DiagnosticDescriptors.FileMalformed, file, $"tensor {index} refers to buffer {number} of {count}");
                return null;
            }

            if (number != 0 && !buffers.ContainsKey(number))
            {
                var data = model.VectorTable(TfLiteSchema.Model.Buffers, (int)number);
                if (data.ULong(TfLiteSchema.Buffer.Offset) > 1 || data.ULong(TfLiteSchema.Buffer.Size) > 1)
                {
                    diagnostics.Report(DiagnosticDescriptors.FileMalformed, file, $"the data of tensor {index} lies outside the FlatBuffer");
                    return null;
                }

                buffers.Add(number, new SourceBuffer(data));
            }

            tensors.Add(new SourceTensor(table, buffers.GetValueOrDefault(number), index));
        }

        return tensors.ToImmutable();
    }

    private static ImmutableArray<SourceNode>? ReadNodes(
        FlatTable model, FlatTable subgraph, ImmutableArray<SourceTensor> tensors, string file, DiagnosticBag diagnostics)
    {
        var count = subgraph.Length(TfLiteSchema.Subgraph.Operators);
        if (count > GraphVerifier.MaximumNodes)
        {
            diagnostics.Report(DiagnosticDescriptors.GraphTooLarge, file, "nodes", count, GraphVerifier.MaximumNodes);
            return null;
        }

        var nodes = ImmutableArray.CreateBuilder<SourceNode>(count);
        for (var index = 0; index < count; index++)
        {
            var table = subgraph.VectorTable(TfLiteSchema.Subgraph.Operators, index);
            var opcode = table.UInt(TfLiteSchema.Operator.OpcodeIndex);
            if (opcode >= model.Length(TfLiteSchema.Model.OperatorCodes))
            {
                diagnostics.Report(DiagnosticDescriptors.FileMalformed, file, $"node {index} refers to operator code {opcode}");
                return null;
            }

            var code = ReadCode(model.VectorTable(TfLiteSchema.Model.OperatorCodes, (int)opcode));
            var what = $"node {index} {BuiltinOperator.Name(code)}";
            if (Resolve(table, TfLiteSchema.Operator.Inputs, tensors, what, file, diagnostics) is not { } inputs
                || Resolve(table, TfLiteSchema.Operator.Outputs, tensors, what, file, diagnostics) is not { } outputs)
            {
                return null;
            }

            nodes.Add(new SourceNode(index, code, table, inputs, outputs, file, diagnostics));
        }

        return nodes.ToImmutable();
    }

    /// <summary>Files from before schema 3a have the code in a byte; later ones repeat it there up to 127, and the larger value counts.</summary>
    private static int ReadCode(FlatTable operatorCode) => Math.Max(
        operatorCode.SignedByte(TfLiteSchema.OperatorCode.DeprecatedBuiltinCode), operatorCode.Int(TfLiteSchema.OperatorCode.BuiltinCode));

    private static ImmutableArray<SourceTensor?>? Resolve(
        FlatTable table, int field, ImmutableArray<SourceTensor> tensors, string what, string file, DiagnosticBag diagnostics)
    {
        var count = table.Length(field);
        if (count > MaximumOperands)
        {
            diagnostics.Report(DiagnosticDescriptors.FileMalformed, file, $"{what} has {count} operands");
            return null;
        }

        var resolved = ImmutableArray.CreateBuilder<SourceTensor?>(count);
        for (var i = 0; i < count; i++)
        {
            var index = table.VectorInt(field, i);
            if (index != Absent && (index < 0 || index >= tensors.Length))
            {
                diagnostics.Report(DiagnosticDescriptors.FileMalformed, file, $"{what} refers to tensor {index} of {tensors.Length}");
                return null;
            }

            resolved.Add(index == Absent ? null : tensors[index]);
        }

        return resolved.MoveToImmutable();
    }
}
