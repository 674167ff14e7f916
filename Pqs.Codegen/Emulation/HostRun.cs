using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Emulation;

/// <summary>Runs the verification program as a process of this machine.</summary>
public static class HostRun
{
    /// <summary>
    /// Runs a program in a folder that holds <see cref="RunFolder.Inputs"/>. Null, and an error reported, unless it ends well with a
    /// complete report.
    /// </summary>
    public static async Task<RunResult?> RunAsync(
        HostProgram program, string workingDirectory, TimeSpan timeout, DiagnosticBag diagnostics, CancellationToken cancellation = default)
    {
        var place = $"host built by {program.Compiler}";
        if (!RunFolder.Prepare(workingDirectory, place, diagnostics))
        {
            return null;
        }

        var process = await ProcessRunner.RunAsync(program.Path, [], workingDirectory, timeout, cancellation).ConfigureAwait(false);
        return RunFolder.ReadReport(workingDirectory, place, diagnostics) is { } report
            ? RunVerdict.Judge(process, report, null, program.Path, timeout, place, diagnostics)
            : null;
    }
}
