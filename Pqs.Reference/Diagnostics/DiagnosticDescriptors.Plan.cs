namespace Pqs.Reference.Diagnostics;

/// <summary>PQS04xx: planning and generating code.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor NoKernel = new(
        "PQS0401", Severity.Error, "no kernel computes this {0} with {1} accumulator bits and the schedule {2}",
        "Give the schedule exact, or as many bits as pqs inspect shows to be needed for any order.");

    public static readonly DiagnosticDescriptor OutputNotWritable = new(
        "PQS0402", Severity.Error, "the output cannot be written: {0}", "Give a place that can be made or written; what was there is unchanged.");

    public static readonly DiagnosticDescriptor NameInvalid = new(
        "PQS0403", Severity.Error, "{0} cannot be a prefix of C identifiers", "Use at most 40 lower-case letters, digits and underscores, a letter first; no keyword, no name of a standard header, nothing that starts with pqs.");

    public static readonly DiagnosticDescriptor InstallationIncomplete = new(
        "PQS0404", Severity.Error, "a part of the tool is missing: {0}", "Run make build again in a complete checkout.");

    public static readonly DiagnosticDescriptor NotBounded = new(
        "PQS0405", Severity.Error, "the schedule bounded is not proven at {0} bits: channel {1} needs {2}", "Give more bits, or let --schedule auto choose.");

    public static readonly DiagnosticDescriptor ProductTooWide = new(
        "PQS0406", Severity.Warning, "an accumulator of {0} bits does not hold a single product of up to {1}", "The result depends on the order of additions; give more bits, or fewer weight bits.");

    public static readonly DiagnosticDescriptor PatternWithoutLayer = new(
        "PQS0407", Severity.Error, "the pattern {0} names no layer with dot products", "A pattern is a layer's number, its operator, or its output's name, with * and ?; see pqs inspect.");

    public static readonly DiagnosticDescriptor RequestMalformed = new(
        "PQS0408", Severity.Error, "{0} is no accumulator", "Write PATTERN=BITS, PATTERN=SCHEDULE or PATTERN=BITS/SCHEDULE; bits are 8 to 32, schedules natural, sorted[:rounds=N,tile=N], alternating, bounded, exact, wide, auto.");

    public static readonly DiagnosticDescriptor Unproven = new(
        "PQS0409", Severity.Error, "{0} of {1} channels: a single product may exceed {2} bits, so the result depends on the order",
        "Give more accumulator bits, or leave out --fail-on.");

    public static readonly DiagnosticDescriptor ClipsPersistently = new(
        "PQS0410", Severity.Error, "{0} of {1} channels may clip at {2} bits in every order; {3} bits never clip",
        "Give more accumulator bits, prune or quantize further, or leave out --fail-on.");

    public static readonly DiagnosticDescriptor ManifestMalformed = new(
        "PQS0411", Severity.Error, "this is no manifest of the model: {0}", "Give the .json file that pqs generate wrote for this model.");

    public static readonly DiagnosticDescriptor ManifestDiffers = new(
        "PQS0412", Severity.Error, "{0} is not what follows from the model", "Generate the code again; do not edit its manifest.");

    public static readonly DiagnosticDescriptor InputRangeMalformed = new(
        "PQS0413", Severity.Error, "{0} is no range of input values", "Write LOW..HIGH, two quantized values in -128..127, the lower one first, as -128..100.");

    public static readonly DiagnosticDescriptor RamLimitTooSmall = new(
        "PQS0414", Severity.Error, "the arena cannot be as small as {0} bytes: it needs {1}", "Give --ram that much, or more to be faster.");
}
