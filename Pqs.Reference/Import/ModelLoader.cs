using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.Onnx;
using Pqs.Reference.Import.Onnx.Quantized;
using Pqs.Reference.Import.TfLite;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import;

/// <summary>Reads a quantized model file of a known format, which its content tells.</summary>
public static class ModelLoader
{
    /// <summary>A file larger than this is not read.</summary>
    public const long MaximumFileBytes = 256L << 20;

    /// <returns>A verified graph named after the file, or null when an error was reported.</returns>
    public static Graph? Load(string path, DiagnosticBag diagnostics)
    {
        var (file, name) = (Path.GetFileName(path), Path.GetFileNameWithoutExtension(path));
        return FileReader.Read(path, MaximumFileBytes, diagnostics) is { } bytes ? Import(bytes, file, name, diagnostics) : null;
    }

    /// <param name="bytes">The whole file.</param>
    /// <param name="file">The file's name in diagnostics.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="diagnostics">Receives what cannot be imported.</param>
    /// <returns>A verified graph, or null when an error was reported.</returns>
    public static Graph? Import(byte[] bytes, string file, string name, DiagnosticBag diagnostics) =>
        !bytes.AsSpan(Math.Min(4, bytes.Length)).StartsWith("TFL3"u8) && OnnxWire.Resembles(bytes)
            ? QdqImporter.Import(bytes, file, name, diagnostics)
            : TfLiteImporter.Import(bytes, file, name, diagnostics);
}
