namespace Pqs.Reference.Diagnostics;

/// <summary>PQS04xx: planning and generating code.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor NoKernel = new(
        "PQS0401", Severity.Error, "no kernel computes this {0} exactly", "Code can be generated for 32-bit accumulators with the wide schedule.");

    public static readonly DiagnosticDescriptor OutputNotWritable = new(
        "PQS0402", Severity.Error, "the output cannot be written: {0}", "Give a place that can be made or written; what was there is unchanged.");

    public static readonly DiagnosticDescriptor NameInvalid = new(
        "PQS0403", Severity.Error, "{0} cannot be a prefix of C identifiers", "Use at most 40 lower-case letters, digits and underscores, a letter first; no keyword, no name of a standard header, nothing that starts with pqs.");

    public static readonly DiagnosticDescriptor InstallationIncomplete = new(
        "PQS0404", Severity.Error, "a part of the tool is missing: {0}", "Run make build again in a complete checkout.");
}
