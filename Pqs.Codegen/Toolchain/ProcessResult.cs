namespace Pqs.Codegen.Toolchain;

/// <summary>How a process ended and what it wrote.</summary>
/// <param name="ExitCode">Its exit code; -1 when it timed out or was not found.</param>
/// <param name="StandardOutput">What it wrote, UTF-8, cut where it exceeds <see cref="ProcessRunner.CaptureLimit"/>.</param>
/// <param name="StandardError">The same for its error output.</param>
/// <param name="TimedOut">It ran longer than allowed and was killed, with its children.</param>
/// <param name="NotFound">There is no such program, or it cannot be executed.</param>
public sealed record ProcessResult(int ExitCode, string StandardOutput, string StandardError, bool TimedOut, bool NotFound)
{
    public bool Succeeded => ExitCode == 0 && !TimedOut && !NotFound;

    /// <summary>False where not all outputs were read: they were too long, or something still held them open a while after the end.</summary>
    public bool IsComplete { get; init; } = true;
}
