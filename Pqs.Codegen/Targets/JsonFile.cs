using System.Text.Json;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Targets;

/// <summary>The JSON files in targets/.</summary>
internal static class JsonFile
{
    /// <returns>What <paramref name="read"/> makes of the file's root; null, and an error reported, where there is no JSON.</returns>
    public static T? Read<T>(string path, Func<JsonElement, T?> read, DiagnosticBag diagnostics)
        where T : class
    {
        var place = Path.GetFileName(path);
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return read(document.RootElement);
        }
        catch (JsonException exception)
        {
            var position = FormattableString.Invariant($"line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}");
            diagnostics.Report(DiagnosticDescriptors.TargetMalformed, place, $"syntax error at {position}");
            return null;
        }
        catch (InvalidOperationException)
        {
            // What the JSON reader throws for a string that is no Unicode.
            diagnostics.Report(DiagnosticDescriptors.TargetMalformed, place, "a text is not valid Unicode");
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.TargetsUnreadable, place, exception.Message);
            return null;
        }
    }
}
