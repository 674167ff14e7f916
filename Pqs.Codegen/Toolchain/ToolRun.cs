using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Toolchain;

/// <summary>Runs compilers and linkers, and words what went wrong.</summary>
internal static class ToolRun
{
    /// <summary>Ample for the largest source on a slow machine; ends a compiler that hangs.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private const int MessageLines = 3;

    /// <summary>Marks of lines that only say that other lines matter, or matter less than those.</summary>
    private static readonly ImmutableArray<string> Noise =
        ["collect2: error", "linker command failed", "warning:", ": in function `", ": In function '"];

    public static Task<ProcessResult> RunAsync(
        string tool, ImmutableArray<string> arguments, string workingDirectory, CancellationToken cancellation) =>
        ProcessRunner.RunAsync(tool, arguments, workingDirectory, Timeout, cancellation);

    /// <summary>Reports a tool that is missing or hangs; true when it did.</summary>
    public static bool ReportUnusable(string tool, ProcessResult result, string place, DiagnosticBag diagnostics)
    {
        if (result.NotFound)
        {
            ReportMissing(tool, place, diagnostics);
        }
        else if (result.TimedOut)
        {
            diagnostics.Report(DiagnosticDescriptors.ToolTimedOut, place, tool, Timeout.TotalSeconds);
        }

        return result.NotFound || result.TimedOut;
    }

    public static void ReportMissing(string tool, string place, DiagnosticBag diagnostics) =>
        diagnostics.Report(DiagnosticDescriptors.ToolMissing, place, tool, ToolLocator.DebianPackages(tool));

    /// <summary>
    /// The lines of a tool's message that say most, on one line: the first errors, or its beginning where none is marked.
    /// </summary>
    public static string FirstLines(ProcessResult result)
    {
        var lines = result.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !Noise.Any(noise => line.Contains(noise, StringComparison.Ordinal))).ToArray();
        var errors = lines.Where(line => line.Contains("error:", StringComparison.OrdinalIgnoreCase)).Take(MessageLines).ToArray();
        var first = errors.Length > 0 ? errors : [.. lines.Take(MessageLines)];
        return first.Length > 0
            ? string.Join(" | ", first)
            : FormattableString.Invariant($"no message, exit code {result.ExitCode}");
    }
}
