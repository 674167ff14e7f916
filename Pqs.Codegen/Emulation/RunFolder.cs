using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Emulation;

/// <summary>The folder in which the verification program runs, with the files that it reads and writes.</summary>
public static class RunFolder
{
    /// <summary>The samples one after another; written before the run.</summary>
    public const string Inputs = "inputs.bin";

    /// <summary>Every layer's output, of every sample.</summary>
    public const string Trace = "trace.bin";

    /// <summary>The model's outputs, of every sample.</summary>
    public const string Outputs = "outputs.bin";

    public const string Report = "report.txt";

    /// <summary>Longer reports are refused.</summary>
    private const long MaximumReport = 256 << 20;

    /// <summary>
    /// Removes the results of an earlier run, so that they cannot be taken for this one's; false, and an error reported, when that fails.
    /// </summary>
    internal static bool Prepare(string folder, string place, DiagnosticBag diagnostics)
    {
        try
        {
            foreach (var file in (string[])[Trace, Outputs, Report])
            {
                File.Delete(Path.Combine(folder, file));
            }

            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.RunFolderUnusable, place, exception.Message);
            return false;
        }
    }

    /// <summary>
    /// The report of a run; an empty one when the run ended before it began one; null, and an error reported, when it cannot be read.
    /// </summary>
    internal static FirmwareReport? ReadReport(string folder, string place, DiagnosticBag diagnostics)
    {
        var file = new FileInfo(Path.Combine(folder, Report));
        try
        {
            if (!file.Exists)
            {
                return FirmwareReport.Empty;
            }

            if (file.Length <= MaximumReport)
            {
                return FirmwareReport.Parse(File.ReadAllText(file.FullName));
            }

            diagnostics.Report(DiagnosticDescriptors.RunFolderUnusable, place, $"{Report} is larger than 256 MiB");
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            diagnostics.Report(DiagnosticDescriptors.RunFolderUnusable, place, exception.Message);
            return null;
        }
    }
}
