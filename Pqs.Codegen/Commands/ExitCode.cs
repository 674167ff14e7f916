namespace Pqs.Codegen.Commands;

/// <summary>Exit codes of every command; part of the interface (README, "Exit codes").</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>A check was made and failed: a run differs, or could not be built or finished.</summary>
    public const int CheckFailed = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>An input was refused, or an output could not be written; a diagnostic says why.</summary>
    public const int Refused = 3;
}
