using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Emulation;

/// <summary>Decides whether a run of the verification program went well, and says why not.</summary>
internal static class RunVerdict
{
    /// <summary>
    /// Null, and one error reported, unless the program ended well with a complete report. The most telling reason is given.
    /// </summary>
    public static RunResult? Judge(
        ProcessResult process, FirmwareReport report, ElfFile? elf, string tool, TimeSpan timeout, string place, DiagnosticBag diagnostics)
    {
        var message = FirstLine(process);
        if (process.NotFound)
        {
            diagnostics.Report(DiagnosticDescriptors.ToolMissing, place, tool, ToolLocator.DebianPackages(tool));
        }
        else if (report.Fault is { } fault)
        {
            diagnostics.Report(
                DiagnosticDescriptors.FirmwareFault,
                place,
                fault.Kind,
                Hexadecimal(fault.ProgramCounter),
                FunctionName(elf, fault.ProgramCounter),
                Hexadecimal(fault.LinkRegister),
                FunctionName(elf, fault.LinkRegister),
                Hexadecimal(fault.Status));
        }
        else if (process.TimedOut)
        {
            diagnostics.Report(DiagnosticDescriptors.RunTimedOut, place, timeout.TotalSeconds);
        }
        else if (report.Samples.Index().FirstOrDefault(sample => sample.Item.Status != 0) is { Item: { } failed } found)
        {
            diagnostics.Report(DiagnosticDescriptors.InvokeFailed, place, failed.Status, found.Index);
        }
        else if (SanitizerLine(process) is { } sanitizer)
        {
            diagnostics.Report(DiagnosticDescriptors.SanitizerReport, place, sanitizer);
        }
        else if (!report.IsComplete)
        {
            diagnostics.Report(DiagnosticDescriptors.RunEndedEarly, place, process.ExitCode, message);
        }
        else if (process.ExitCode != 0)
        {
            diagnostics.Report(DiagnosticDescriptors.RunFailed, place, process.ExitCode, message);
        }
        else
        {
            return new RunResult(report, process.StandardOutput + process.StandardError);
        }

        return null;
    }

    private static string FirstLine(ProcessResult process) =>
        Lines(process).FirstOrDefault(line => !line.StartsWith("qemu-system-arm: warning:", StringComparison.Ordinal)) ?? "no message";

    private static string? SanitizerLine(ProcessResult process) => Lines(process).FirstOrDefault(line =>
        line.Contains("runtime error:", StringComparison.Ordinal) || line.Contains("ERROR: AddressSanitizer", StringComparison.Ordinal));

    private static string[] Lines(ProcessResult process) =>
        process.StandardError.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string FunctionName(ElfFile? elf, uint address) => elf?.FunctionAt(address)?.Name ?? "no function";

    private static string Hexadecimal(uint value) => FormattableString.Invariant($"0x{value:x8}");
}
