namespace Pqs.Reference.Onnx;

/// <summary>Keys of the metadata of a PQS model file (docs/model-format.md).</summary>
internal static class PqsMetadata
{
    /// <summary>Says that the file is a PQS model, and of which version of the format.</summary>
    public const string VersionKey = "pqs.version";

    public const string Version = "1";

    /// <summary>Followed by the name of the layer's output.</summary>
    public const string LayerPrefix = "pqs.layer.";

    /// <summary>Followed by the name of the tensor's value.</summary>
    public const string TensorPrefix = "pqs.tensor.";
}
