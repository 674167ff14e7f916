using System.Collections.Immutable;
using System.Text;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Emission;

/// <summary>Writes generated files whole or not at all: into a folder beside the output first, then moved.</summary>
public static class OutputFolder
{
    /// <returns>False, and an error reported, when the folder cannot be written; no file of it has changed then.</returns>
    public static bool Write(string folder, ImmutableArray<GeneratedFile> files, DiagnosticBag diagnostics)
    {
        string? staging = null;
        try
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            Directory.CreateDirectory(Path.GetDirectoryName(full) ?? full);
            var stagingFolder = Directory.CreateDirectory($"{full}.{Path.GetRandomFileName()}.part").FullName;
            staging = stagingFolder;
            foreach (var file in files)
            {
                var path = Path.Combine(stagingFolder, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllText(path, file.Text, new UTF8Encoding(false));
            }

            if (!Directory.Exists(full))
            {
                Directory.Move(stagingFolder, full);
                staging = null;
                return true;
            }

            foreach (var file in files)
            {
                var path = Path.Combine(full, file.Name);
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Move(Path.Combine(stagingFolder, file.Name), path, overwrite: true);
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            diagnostics.Report(DiagnosticDescriptors.OutputNotWritable, folder, exception.Message);
            return false;
        }
        finally
        {
            Remove(staging);
        }
    }

    private static void Remove(string? staging)
    {
        try
        {
            if (staging != null && Directory.Exists(staging))
            {
                Directory.Delete(staging, recursive: true);
            }
        }
        catch (IOException)
        {
            // What is left is marked as partial by its name; the error that matters is the first.
        }
    }
}
