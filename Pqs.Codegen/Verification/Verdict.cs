namespace Pqs.Codegen.Verification;

/// <summary>How the run of one build ended.</summary>
public enum Verdict
{
    /// <summary>Every byte of every layer equals the interpreter's.</summary>
    Identical,

    /// <summary>It ran, and a byte differs.</summary>
    Different,

    /// <summary>It could not be built or run to its end; diagnostics say why.</summary>
    Failed,
}
