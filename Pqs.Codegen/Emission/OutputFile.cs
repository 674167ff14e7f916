using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Emission;

/// <summary>Writes a single file whole or not at all.</summary>
internal static class OutputFile
{
    /// <returns>False, and an error reported, when the file cannot be written; an existing one has not changed then.</returns>
    public static bool Write(string path, byte[] bytes, DiagnosticBag diagnostics)
    {
        string? part = null;
        try
        {
            var full = Path.GetFullPath(path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            part = $"{full}.{Path.GetRandomFileName()}.part";
            File.WriteAllBytes(part, bytes);
            File.Move(part, full, overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            diagnostics.Report(DiagnosticDescriptors.OutputNotWritable, path, exception.Message);
            TryDelete(part);
            return false;
        }
    }

    private static void TryDelete(string? path)
    {
        try
        {
            if (path != null)
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left is marked as partial by its name; the error that matters is the first.
        }
    }
}
