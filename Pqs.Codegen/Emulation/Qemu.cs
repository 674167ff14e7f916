using System.Collections.Immutable;
using Pqs.Codegen.Targets;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Emulation;

/// <summary>Runs the verification program under QEMU, which counts executed instructions.</summary>
public static class Qemu
{
    public const string Tool = "qemu-system-arm";

    /// <summary>The most that the calibration loop's count may differ from the truth.</summary>
    private const int TolerancePercent = 2;

    /// <summary>
    /// Runs an image in a folder that holds <see cref="RunFolder.Inputs"/>. Null, and an error reported, unless the program ends well
    /// with a
    /// complete report and its clock is as the target's description says.
    /// </summary>
    public static async Task<RunResult?> RunAsync(
        Target target,
        FirmwareImage image,
        string workingDirectory,
        TimeSpan timeout,
        DiagnosticBag diagnostics,
        CancellationToken cancellation = default)
    {
        var place = $"{target.Name} on {image.Machine.Name}";
        if (!RunFolder.Prepare(workingDirectory, place, diagnostics))
        {
            return null;
        }

        var process = await ProcessRunner.RunAsync(Tool, Arguments(image), workingDirectory, timeout, cancellation).ConfigureAwait(false);
        return RunFolder.ReadReport(workingDirectory, place, diagnostics) is { } report
            && RunVerdict.Judge(process, report, image.Elf, Tool, timeout, place, diagnostics) is { } result
            && IsCalibrated(report, image.Machine, place, diagnostics)
                ? result
                : null;
    }

    /// <summary>
    /// Under "-icount shift=0" an instruction takes a nanosecond of the machine's time, so its clock counts instructions, repeatably.
    /// </summary>
    private static ImmutableArray<string> Arguments(FirmwareImage image) =>
    [
        "-machine", image.Machine.Name,
        "-icount", "shift=0",
        "-semihosting-config", "enable=on,target=native",
        "-display", "none", "-monitor", "none", "-serial", "none",
        "-kernel", image.ElfPath,
    ];

    private static bool IsCalibrated(FirmwareReport report, TargetMachine machine, string place, DiagnosticBag diagnostics)
    {
        if (report.CalibrationTicks is not { } ticks)
        {
            diagnostics.Report(DiagnosticDescriptors.CalibrationMissing, place);
            return false;
        }

        const long Tolerance = (long)FirmwareReport.CalibrationInstructions * TolerancePercent / 100;
        var counted = machine.Instructions(ticks);
        if (Math.Abs(counted - FirmwareReport.CalibrationInstructions) <= Tolerance)
        {
            return true;
        }

        diagnostics.Report(DiagnosticDescriptors.CalibrationOff, place, FirmwareReport.CalibrationInstructions, counted, TolerancePercent);
        return false;
    }
}
