using System.Collections.Immutable;
using System.Security.Cryptography;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.TfLite.Float;

/// <summary>Reads a float32 TensorFlow Lite model (schema version 3) with the operators that <see cref="TfLiteImporter"/> takes.</summary>
public static class FloatTfLiteImporter
{
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">The file's name in diagnostics.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="diagnostics">Receives what cannot be imported.</param>
    /// <returns>A verified graph, or null when an error was reported.</returns>
    public static FloatGraph? Import(byte[] bytes, string file, string name, DiagnosticBag diagnostics)
    {
        if (TfLiteImporter.Open(bytes, file, diagnostics) is not { } source || IsQuantized(source, diagnostics))
        {
            return null;
        }

        var graph = Assemble(source, name, Convert.ToHexStringLower(SHA256.HashData(bytes)), diagnostics);
        return graph != null && FloatGraphVerifier.Verify(graph, diagnostics) ? graph : null;
    }

    /// <summary>True, reported, for a model that computes with narrow integers, or holds its weights in them.</summary>
    private static bool IsQuantized(SourceModel source, DiagnosticBag diagnostics)
    {
        var tensors = source.Inputs.Concat(source.Outputs).Concat(source.Nodes.SelectMany(node => node.Inputs.Concat(node.Outputs))).OfType<SourceTensor>();
        var quantized = tensors.FirstOrDefault(tensor => tensor.Type is
            TfLiteSchema.TensorType.Int8 or TfLiteSchema.TensorType.UInt8 or TfLiteSchema.TensorType.Int16 or TfLiteSchema.TensorType.Int4);
        if (quantized != null)
        {
            diagnostics.Report(
                DiagnosticDescriptors.ModelIsQuantized, source.File, $"tensor {quantized.QuotedName} is {TfLiteSchema.TensorType.Name(quantized.Type)}");
        }

        return quantized != null;
    }

    private static FloatGraph? Assemble(SourceModel source, string name, string hash, DiagnosticBag diagnostics)
    {
        var tensors = ImmutableArray.CreateBuilder<FloatTensor>();
        var ids = new Dictionary<int, int>();
        foreach (var input in source.Inputs)
        {
            if (input.ReadFloatActivation($"{source.File}: graph input", diagnostics) is { } shape)
            {
                Identify(input, shape);
            }
        }

        var nodes = ImmutableArray.CreateBuilder<FloatNode>();
        foreach (var sourceNode in source.LiveNodes(diagnostics))
        {
            if (ImportNode(sourceNode) is { } imported)
            {
                nodes.Add(new FloatNode(
                    sourceNode.Origin,
                    imported.Operator,
                    [.. imported.Inputs.Select((shape, index) => Identify(sourceNode.Inputs[index]!, shape))],
                    Identify(sourceNode.Outputs[0]!, imported.Output)));
            }
        }

        foreach (var output in source.Outputs.Where(output => nodes.Count > 0 && !ids.ContainsKey(output.Index) && !diagnostics.HasErrors))
        {
            diagnostics.Report(DiagnosticDescriptors.OutputNotWritten, source.File, output.QuotedName);
        }

        if (diagnostics.HasErrors)
        {
            return null;
        }

        return new FloatGraph(
            name,
            hash,
            tensors.ToImmutable(),
            nodes.ToImmutable(),
            [.. source.Inputs.Select(input => ids[input.Index])],
            [.. source.Outputs.Select(output => ids.GetValueOrDefault(output.Index, -1))]);

        int Identify(SourceTensor tensor, Shape shape)
        {
            if (!ids.TryGetValue(tensor.Index, out var id))
            {
                id = tensors.Count;
                ids.Add(tensor.Index, id);
                tensors.Add(new FloatTensor(tensor.Name, shape));
            }

            return id;
        }
    }

    /// <summary>Reads shapes first, then the operator; null when something was reported.</summary>
    private static (FloatOperator Operator, ImmutableArray<Shape> Inputs, Shape Output)? ImportNode(SourceNode node)
    {
        if (!TfLiteImporter.RequireSupported(node)
            || node.ReadFloatInput(0) is not { } input
            || node.ReadFloatOutput() is not { } output)
        {
            return null;
        }

        if (node.Code == BuiltinOperator.Add)
        {
            return node.ReadFloatInput(1) is { } second && FloatOperatorReader.Add(node, input, second) is { } add ? (add, [input, second], output) : null;
        }

        FloatOperator? imported = node.Code switch
        {
            BuiltinOperator.Conv2D => FloatDotProductReader.Conv2D(node, input),
            BuiltinOperator.DepthwiseConv2D => FloatDotProductReader.DepthwiseConv2D(node, input),
            BuiltinOperator.FullyConnected => FloatDotProductReader.FullyConnected(node),
            BuiltinOperator.AveragePool2D or BuiltinOperator.MaxPool2D => FloatOperatorReader.Pool2D(node, input),
            BuiltinOperator.Softmax => FloatOperatorReader.Softmax(node),
            BuiltinOperator.Pad => FloatOperatorReader.Pad(node, input, output),
            _ => new FloatReshape(),
        };
        return imported == null ? null : (imported, [input], output);
    }
}
