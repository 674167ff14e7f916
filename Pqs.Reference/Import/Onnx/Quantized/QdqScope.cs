using Pqs.Reference.Diagnostics;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>What the nodes of one file share while they are imported.</summary>
internal sealed class QdqScope(OnnxSourceModel source, FileMetadata metadata, DiagnosticBag diagnostics)
{
    private readonly HashSet<string> _usedLayers = new(StringComparer.Ordinal);

    public DiagnosticBag Diagnostics => diagnostics;

    /// <summary>Whether the file is a PQS model, whose tensors have the graph's own names and order.</summary>
    public bool IsPqs => metadata.IsPqs;

    public QuantizedDraft Draft { get; } = new(source.File, diagnostics);

    /// <summary>What each name stands for, so far.</summary>
    public Dictionary<string, QuantizedValue> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Tensors of which the quantization is known better than the file says.</summary>
    public HashSet<int> FixedQuantizations { get; } = [];

    /// <summary>The metadata of the layer that writes a value.</summary>
    public LayerMetadata? LayerOf(string output)
    {
        _usedLayers.Add(output);
        return metadata.Layers.GetValueOrDefault(output);
    }

    public TensorMetadata? TensorOf(string value) => metadata.Tensors.GetValueOrDefault(value);

    /// <summary>Gives tensors the names, the quantizations and the ranges that the metadata has for them; false, reported, when it names what does not exist.</summary>
    public bool ApplyMetadata()
    {
        foreach (var output in metadata.Layers.Keys.Where(output => !_usedLayers.Contains(output)))
        {
            FileMetadata.Refuse(source, PqsMetadata.LayerPrefix + output, "no layer writes that output", diagnostics);
            return false;
        }

        foreach (var (value, said) in metadata.Tensors)
        {
            if (Values.GetValueOrDefault(value) is not Activation { Form: ActivationForm.Integers } activation)
            {
                FileMetadata.Refuse(source, PqsMetadata.TensorPrefix + value, "there is no such tensor", diagnostics);
                return false;
            }

            if (said.Name != null)
            {
                Draft.Rename(activation.Tensor, said.Name);
            }

            var tensor = Draft[activation.Tensor];
            Draft[activation.Tensor] = tensor with
            {
                Quantization = tensor.Quantization with { Scale = said.Scale ?? tensor.Quantization.Scale },
                DeclaredRange = said.Range ?? tensor.DeclaredRange,
            };
        }

        return true;
    }
}
