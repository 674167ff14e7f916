namespace Pqs.Reference.Diagnostics;

/// <summary>PQS06xx: running the verification program on the host and in the emulator.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor RunTimedOut = new(
        "PQS0601",
        Severity.Error,
        "the program did not end within {0} s",
        "Use fewer samples or allow more time; a program that never ends is a defect of the generated code or the start-up code.");

    public static readonly DiagnosticDescriptor FirmwareFault = new(
        "PQS0602",
        Severity.Error,
        "{0} fault at pc {1} in {2}, lr {3} in {4}, cfsr {5}",
        "Report it with the model: generated code must not fault. "
        + "An unsupported instruction means that the target's flags do not suit its machine.");

    public static readonly DiagnosticDescriptor RunEndedEarly = new(
        "PQS0603",
        Severity.Error,
        "the program ended without finishing its report, exit code {0}: {1}",
        "Check that the run folder is writable and has room; otherwise the program crashed before it could report a fault.");

    public static readonly DiagnosticDescriptor RunFailed = new(
        "PQS0604",
        Severity.Error,
        "the program finished its report but failed with exit code {0}: {1}",
        "See the program's message.");

    public static readonly DiagnosticDescriptor InvokeFailed = new(
        "PQS0605",
        Severity.Error,
        "invoke returned status {0} for sample {1}",
        "Status 1 is a null pointer, 2 a misaligned arena; report it with the model.");

    public static readonly DiagnosticDescriptor CalibrationOff = new(
        "PQS0606",
        Severity.Error,
        "the calibration loop of {0} instructions counts as {1}, more than {2} % off",
        "Correct instructionsPerTick in the target's description for this machine and version of QEMU.");

    public static readonly DiagnosticDescriptor CalibrationMissing = new(
        "PQS0607",
        Severity.Error,
        "the report has no calibration, so ticks cannot be converted to instructions",
        "Use the harness that belongs to this version of the tool.");

    public static readonly DiagnosticDescriptor SanitizerReport = new(
        "PQS0608",
        Severity.Error,
        "the program was stopped by a sanitizer: {0}",
        "Report it with the model: generated code must be free of undefined behaviour.");

    public static readonly DiagnosticDescriptor RunFolderUnusable = new(
        "PQS0609",
        Severity.Error,
        "the run's files cannot be used: {0}",
        "Check that the folder exists, is readable and writable, and has room.");
}
