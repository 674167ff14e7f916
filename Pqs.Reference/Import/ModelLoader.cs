using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.TfLite;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import;

/// <summary>Reads a model file of a known format.</summary>
public static class ModelLoader
{
    private const long MaximumFileBytes = 256L << 20;

    /// <returns>A verified graph named after the file, or null when an error was reported.</returns>
    public static Graph? Load(string path, DiagnosticBag diagnostics)
    {
        var file = Path.GetFileName(path);
        var bytes = FileReader.Read(path, MaximumFileBytes, diagnostics);
        return bytes == null ? null : TfLiteImporter.Import(bytes, file, Path.GetFileNameWithoutExtension(path), diagnostics);
    }
}
