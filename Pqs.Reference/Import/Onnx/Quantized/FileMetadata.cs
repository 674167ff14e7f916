using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>The metadata of a PQS model file (docs/model-format.md). Files by others have none; entries with other keys are left alone.</summary>
/// <param name="IsPqs">Whether the file says that it is a PQS model.</param>
/// <param name="Layers">By the name of the layer's output.</param>
/// <param name="Tensors">By the name of the tensor's value.</param>
internal sealed record FileMetadata(bool IsPqs, ImmutableSortedDictionary<string, LayerMetadata> Layers, ImmutableSortedDictionary<string, TensorMetadata> Tensors)
{
    /// <summary>Null, reported, where an entry is not valid.</summary>
    public static FileMetadata? Read(OnnxSourceModel source, DiagnosticBag diagnostics)
    {
        var layers = ImmutableSortedDictionary.CreateBuilder<string, LayerMetadata>(StringComparer.Ordinal);
        var tensors = ImmutableSortedDictionary.CreateBuilder<string, TensorMetadata>(StringComparer.Ordinal);
        var versions = new List<string>();
        foreach (var (key, value) in source.Metadata)
        {
            string? problem = null;
            if (key == PqsMetadata.VersionKey)
            {
                versions.Add(value);
                problem = value == PqsMetadata.Version && versions.Count == 1 ? null : $"there is only version {PqsMetadata.Version}, given once";
            }
            else if (key.StartsWith(PqsMetadata.LayerPrefix, StringComparison.Ordinal))
            {
                problem = LayerMetadataText.Read(value, out var wrong) is not { } layer ? wrong
                    : layers.TryAdd(key[PqsMetadata.LayerPrefix.Length..], layer) ? null : "it is given twice";
            }
            else if (key.StartsWith(PqsMetadata.TensorPrefix, StringComparison.Ordinal))
            {
                problem = TensorMetadata.Read(value, out var wrong) is not { } tensor ? wrong
                    : tensors.TryAdd(key[PqsMetadata.TensorPrefix.Length..], tensor) ? null : "it is given twice";
            }

            if (problem != null)
            {
                return Refuse(source, key, problem, diagnostics);
            }
        }

        if (versions.Count == 0 && layers.Count + tensors.Count > 0)
        {
            return Refuse(source, PqsMetadata.VersionKey, "it is missing, but there are entries for layers or tensors", diagnostics);
        }

        return new FileMetadata(versions.Count > 0, layers.ToImmutable(), tensors.ToImmutable());
    }

    public static FileMetadata? Refuse(OnnxSourceModel source, string key, string problem, DiagnosticBag diagnostics)
    {
        diagnostics.Report(DiagnosticDescriptors.MetadataInvalid, source.File, Printable.Name(key), problem);
        return null;
    }
}
