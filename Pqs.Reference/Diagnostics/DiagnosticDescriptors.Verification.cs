namespace Pqs.Reference.Diagnostics;

/// <summary>PQS07xx: comparing runs with the reference interpreter.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor TraceIncomplete = new(
        "PQS0701", Severity.Error, "the run wrote {0} bytes of results, not as many as the layers have", "Run again with --work DIR and look at report.txt there.");

    public static readonly DiagnosticDescriptor StackAboveBound = new(
        "PQS0702", Severity.Error, "a call needs {0} bytes of stack; the target's description promises {1}", "Raise stackBytes in the target's file.");
}
