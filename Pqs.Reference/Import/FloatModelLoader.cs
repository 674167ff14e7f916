using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Import.Onnx;
using Pqs.Reference.Import.Onnx.Float;
using Pqs.Reference.Import.TfLite;
using Pqs.Reference.Import.TfLite.Float;

namespace Pqs.Reference.Import;

/// <summary>Reads a float model, TensorFlow Lite or ONNX, which its bytes tell apart. A quantized model is refused with a diagnostic of its own.</summary>
public static class FloatModelLoader
{
    /// <returns>A verified graph named after the file, or null when an error was reported.</returns>
    public static FloatGraph? Load(string path, DiagnosticBag diagnostics)
    {
        var (file, name) = (Path.GetFileName(path), Path.GetFileNameWithoutExtension(path));
        return FileReader.Read(path, ModelLoader.MaximumFileBytes, diagnostics) is { } bytes ? Import(bytes, file, name, diagnostics) : null;
    }

    /// <param name="bytes">The whole file.</param>
    /// <param name="file">The file's name in diagnostics.</param>
    /// <param name="name">The graph's name.</param>
    /// <param name="diagnostics">Receives what cannot be imported.</param>
    /// <returns>A verified graph, or null when an error was reported.</returns>
    public static FloatGraph? Import(byte[] bytes, string file, string name, DiagnosticBag diagnostics)
    {
        if (TfLiteImporter.Resembles(bytes))
        {
            return FloatTfLiteImporter.Import(bytes, file, name, diagnostics);
        }

        if (OnnxWire.Resembles(bytes))
        {
            return FloatOnnxImporter.Import(bytes, file, name, diagnostics);
        }

        diagnostics.Report(DiagnosticDescriptors.FormatUnknown, file, "it is neither TensorFlow Lite nor ONNX");
        return null;
    }
}
