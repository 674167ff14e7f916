using Pqs.Reference.Diagnostics;

namespace Pqs.Reference.Import;

/// <summary>Reads a user's file whole, within a limit; what goes wrong is a diagnostic.</summary>
public static class FileReader
{
    public static byte[]? Read(string path, long maximumBytes, DiagnosticBag diagnostics)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > maximumBytes)
            {
                diagnostics.Report(DiagnosticDescriptors.FileTooLarge, path, stream.Length, maximumBytes);
                return null;
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            diagnostics.Report(DiagnosticDescriptors.FileNotReadable, path, exception.Message);
            return null;
        }
    }
}
