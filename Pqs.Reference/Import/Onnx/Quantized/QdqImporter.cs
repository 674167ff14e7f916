using System.Collections.Immutable;
using System.Security.Cryptography;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.Onnx.Float;
using Pqs.Reference.Model;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>
/// Reads a quantized ONNX model: every operator stands between DequantizeLinear and QuantizeLinear. Images, N×C×H×W in the file, are N×H×W×C in the graph,
/// inputs and outputs included; uint8 becomes int8, 128 less. A PQS model says by its metadata what ONNX cannot (docs/model-format.md); other models get 32-bit
/// accumulators and double rounding.
/// </summary>
public static class QdqImporter
{
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">The file's name in diagnostics.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="diagnostics">Receives what cannot be imported.</param>
    /// <returns>A verified graph, or null when an error was reported.</returns>
    public static Graph? Import(byte[] bytes, string file, string name, DiagnosticBag diagnostics)
    {
        if (OnnxSourceModel.Read(bytes, file, diagnostics) is not { } source)
        {
            return null;
        }

        if (!source.IsQuantized)
        {
            diagnostics.Report(DiagnosticDescriptors.ModelIsFloat, file);
            return null;
        }

        if (FileMetadata.Read(source, diagnostics) is not { } metadata)
        {
            return null;
        }

        var scope = new QdqScope(source, metadata, diagnostics);
        if (ReadInputs(source, scope) is not { } inputs || !ReadNodes(source, scope) || ReadOutputs(source, scope) is not { } outputs || !scope.ApplyMetadata())
        {
            return null;
        }

        var graph = new Graph(name, Convert.ToHexStringLower(SHA256.HashData(bytes)), scope.Draft.Tensors, scope.Draft.Nodes, inputs, outputs);
        return GraphVerifier.Verify(graph, diagnostics) ? graph : null;
    }

    private static ImmutableArray<int>? ReadInputs(OnnxSourceModel source, QdqScope scope)
    {
        var quantizing = InputQuantizations.Find(source);
        var channelsLast = ChannelOrder.ChannelsLast(source);
        var ids = ImmutableArray.CreateBuilder<int>(source.Inputs.Length);
        foreach (var input in source.Inputs)
        {
            if (input.Type is not (ElementType.Float or ElementType.Int8 or ElementType.Uint8))
            {
                scope.Diagnostics.Report(DiagnosticDescriptors.TensorTypeUnsupported, source.File, input.QuotedName, OnnxTensor.NameOf(input.Type), "float, int8 or uint8");
                return null;
            }

            if (QuantizationOf(input, quantizing.GetValueOrDefault(input.Name), scope) is not var (quantization, isUnsigned))
            {
                if (!scope.Diagnostics.HasErrors && input.Type == ElementType.Float)
                {
                    scope.Diagnostics.Report(DiagnosticDescriptors.QdqExpected, source.File, input.QuotedName, "is an input of the model, but is not quantized");
                }
                else if (!scope.Diagnostics.HasErrors)
                {
                    scope.Diagnostics.Report(DiagnosticDescriptors.TensorQuantizationUnsupported, source.File, input.QuotedName, "no node says what the input's integers stand for");
                }

                return null;
            }

            var sizes = input.Dimensions;
            var isImage = sizes.Length == 4 && !scope.IsPqs && !channelsLast.Contains(input.Name);
            var shape = isImage ? new Shape(sizes[0], sizes[2], sizes[3], sizes[1]) : new Shape(sizes.AsSpan());
            ids.Add(scope.Draft.AddTensor(input.Name, shape, quantization));
            scope.Values.Add(input.Name, new Activation(
                ids[^1],
                isImage ? Layout.Image(sizes) : Layout.Plain(sizes),
                quantization,
                isUnsigned,
                input.Type == ElementType.Float ? ActivationForm.Unquantized : ActivationForm.Integers));
        }

        return ids.MoveToImmutable();
    }

    /// <summary>By the node that quantizes or dequantizes the input; of an input that nothing reads, by the metadata.</summary>
    private static (Quantization Quantization, bool IsUnsigned)? QuantizationOf(OnnxInput input, OnnxNode? node, QdqScope scope)
    {
        if (node == null)
        {
            return scope.TensorOf(input.Name) is { Scale: { } scale, ZeroPoint: { } zeroPoint } ? (new Quantization(scale, zeroPoint), input.Type == ElementType.Uint8) : null;
        }

        var type = input.Type == ElementType.Float ? (ElementType?)null : input.Type;
        return QuantizationReader.Read(node) is { } read && read.OfActivation(node, input.Name, type) is { } quantization
            ? (quantization, (read.Type ?? type) == ElementType.Uint8)
            : null;
    }

    /// <summary>Gives every name that the nodes write its meaning. What depends on a node that was refused is passed over.</summary>
    private static bool ReadNodes(OnnxSourceModel source, QdqScope scope)
    {
        var refused = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in source.Nodes)
        {
            if (node.Inputs.Any(input => input != null && refused.Contains(input.Name)))
            {
                refused.UnionWith(node.Outputs);
            }
            else if (ReadNode(node, scope) is { } value)
            {
                scope.Values.Add(node.Outputs[0], value);
            }
            else
            {
                refused.UnionWith(node.Outputs);
            }
        }

        return refused.Count == 0;
    }

    private static QuantizedValue? ReadNode(OnnxNode node, QdqScope scope)
    {
        if (QdqOperators.Find(node.Operator) is not { } @operator)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.OperatorUnsupported, node.Place, node.Operator, QdqOperators.Names);
            return null;
        }

        if (node.Inputs.Length > @operator.Inputs)
        {
            node.RefuseAttribute("inputs", node.Inputs.Length, $"at most {@operator.Inputs} are known for this operator");
            return null;
        }

        return node.ReadOutput() != null && node.RequireAttributes(@operator.Attributes.AsSpan()) ? @operator.Import(new QdqNode(node, scope)) : null;
    }

    private static ImmutableArray<int>? ReadOutputs(OnnxSourceModel source, QdqScope scope)
    {
        var ids = ImmutableArray.CreateBuilder<int>(source.Outputs.Length);
        foreach (var output in source.Outputs)
        {
            if (GraphOutput.Read(output, source, scope) is not { } tensor)
            {
                return null;
            }

            ids.Add(tensor);
        }

        return ids.MoveToImmutable();
    }
}
