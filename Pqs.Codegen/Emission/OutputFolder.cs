using System.Collections.Immutable;
using System.Text;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Emission;

/// <summary>
/// Writes generated files whole or not at all: into a folder beside the output, or inside it where it exists, first, then moved one by one. What they replace is kept until the last has
/// moved, and put back when one cannot.
/// </summary>
public static class OutputFolder
{
    /// <returns>False, and an error reported, when the folder cannot be written; it is as it was then.</returns>
    public static bool Write(string folder, ImmutableArray<GeneratedFile> files, DiagnosticBag diagnostics)
    {
        string? staging = null;
        try
        {
            var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
            var exists = Directory.Exists(full);
            Directory.CreateDirectory(Path.GetDirectoryName(full) ?? full);
            staging = Directory.CreateDirectory(exists ? Path.Combine(full, NewName()) : $"{full}.{NewName()}").FullName;
            var (fresh, replaced) = (Path.Combine(staging, "new"), Path.Combine(staging, "old"));
            Directory.CreateDirectory(fresh);
            Directory.CreateDirectory(replaced);
            foreach (var file in files)
            {
                File.WriteAllText(Path.Combine(fresh, file.Name), file.Text, new UTF8Encoding(false));
            }

            if (exists)
            {
                Exchange(full, fresh, replaced, files);
            }
            else
            {
                Directory.Move(fresh, full);
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

    private static string NewName() => $"{Path.GetRandomFileName()}.part";

    private static void Exchange(string folder, string fresh, string replaced, ImmutableArray<GeneratedFile> files)
    {
        var moved = new List<string>();
        try
        {
            foreach (var name in files.Select(file => file.Name))
            {
                var path = Path.Combine(folder, name);
                if (File.Exists(path))
                {
                    File.Move(path, Path.Combine(replaced, name));
                }

                moved.Add(name);
                File.Move(Path.Combine(fresh, name), path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            foreach (var name in moved)
            {
                PutBack(Path.Combine(replaced, name), Path.Combine(folder, name));
            }

            throw;
        }
    }

    private static void PutBack(string old, string path)
    {
        if (File.Exists(old))
        {
            File.Move(old, path, overwrite: true);
        }
        else if (File.Exists(path))
        {
            File.Delete(path);
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
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left is marked as partial by its name; the error that matters is the first.
        }
    }
}
