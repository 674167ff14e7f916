namespace Pqs.Reference.Diagnostics;

/// <summary>How much a diagnostic weighs. Only <see cref="Error"/> makes a command fail.</summary>
public enum Severity
{
    Note,
    Warning,
    Error,
}
