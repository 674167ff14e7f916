using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Targets;

/// <summary>The target descriptions in a folder, one JSON file each.</summary>
public static class TargetCatalog
{
    private const string Extension = ".json";

    /// <summary>Names of the targets, in ordinal order; empty when the folder cannot be read.</summary>
    public static ImmutableArray<string> Names(string targetsFolder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(targetsFolder, "*" + Extension).Select(Path.GetFileNameWithoutExtension).OfType<string>()
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public static Target? Load(string targetsFolder, string name, DiagnosticBag diagnostics)
    {
        var names = Names(targetsFolder);
        if (names.IsEmpty)
        {
            diagnostics.Report(DiagnosticDescriptors.TargetsUnreadable, targetsFolder, "it holds no descriptions");
            return null;
        }

        // Only a listed name is ever opened, so a name with a path in it cannot leave the folder.
        if (!names.Contains(name, StringComparer.Ordinal))
        {
            var nearest = NearestName.Find(name, names);
            diagnostics.Report(
                DiagnosticDescriptors.UnknownTarget,
                targetsFolder,
                Printable.Name(name),
                nearest is null ? "" : $", did you mean {nearest}?",
                string.Join(", ", names));
            return null;
        }

        var path = Path.Combine(targetsFolder, name + Extension);
        return JsonFile.Read(path, root => TargetReader.Read(root, name, targetsFolder, Path.GetFileName(path), diagnostics), diagnostics);
    }
}
