namespace Pqs.Reference.Diagnostics;

/// <summary>PQS08xx: counting overflows over data.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor TooLargeToCount = new(
        "PQS0801", Severity.Error, "the weights take {0} numbers when channels are computed side by side; at most {1} are possible", "Count the overflows of a smaller model.");

    public static readonly DiagnosticDescriptor WidthsMalformed = new(
        "PQS0802", Severity.Error, "{0} is no range of widths", "Write LOW..HIGH, for example 10..20; both are 8 to 32.");
}
