namespace Pqs.Reference.Diagnostics;

/// <summary>PQS05xx: target descriptions, compilers and what they produce.</summary>
public static partial class DiagnosticDescriptors
{
    public static readonly DiagnosticDescriptor UnknownTarget = new(
        "PQS0501",
        Severity.Error,
        "there is no target {0}{1}; there are: {2}",
        "Choose one of the names listed by 'pqs targets', or add a description for the chip to the targets folder.");

    public static readonly DiagnosticDescriptor TargetsUnreadable = new(
        "PQS0502",
        Severity.Error,
        "the targets cannot be read: {0}",
        "Check that the folder exists and is readable; it is installed beside the pqs program.");

    public static readonly DiagnosticDescriptor TargetMalformed = new(
        "PQS0503",
        Severity.Error,
        "not a JSON object: {0}",
        "Compare it with a description that works, such as cortex-m4.json.");

    public static readonly DiagnosticDescriptor TargetFieldMissing = new(
        "PQS0504",
        Severity.Error,
        "field {0} is missing",
        "Add the field; every description of a microcontroller has the fields of cortex-m4.json.");

    public static readonly DiagnosticDescriptor TargetFieldInvalid = new(
        "PQS0505",
        Severity.Error,
        "field {0} must be {1}",
        "Correct the field's value.");

    public static readonly DiagnosticDescriptor TargetFieldUnknown = new(
        "PQS0506",
        Severity.Error,
        "unknown field {0}; known here: {1}",
        "Correct the spelling or remove the field.");

    public static readonly DiagnosticDescriptor TargetFieldDuplicate = new(
        "PQS0507",
        Severity.Error,
        "field {0} is given twice",
        "Remove one of the two.");

    public static readonly DiagnosticDescriptor TargetPathOutside = new(
        "PQS0508",
        Severity.Error,
        "field {0} names {1}, which is outside the targets folder",
        "Put the file into the targets folder and give its path relative to that.");

    public static readonly DiagnosticDescriptor TargetPathMissing = new(
        "PQS0509",
        Severity.Error,
        "field {0} names {1}, which does not exist",
        "Correct the path, which is relative to the targets folder, or add the file.");

    public static readonly DiagnosticDescriptor ToolMissing = new(
        "PQS0520",
        Severity.Error,
        "{0} is not installed or not on PATH; on Debian it comes with {1}",
        "Install the package, or put the folder that holds the tool on PATH.");

    public static readonly DiagnosticDescriptor ToolTimedOut = new(
        "PQS0521",
        Severity.Error,
        "{0} did not finish within {1} s",
        "The machine may be overloaded; try again, or reduce what runs beside it.");

    public static readonly DiagnosticDescriptor CompilationFailed = new(
        "PQS0522",
        Severity.Error,
        "{0} rejects {1}: {2}",
        "Generated code compiles without warnings, so this is most likely a defect of the generator, or the compiler is not supported.");

    public static readonly DiagnosticDescriptor LinkFailed = new(
        "PQS0523",
        Severity.Error,
        "{0} cannot link the program: {1}",
        "See the linker's message; a missing symbol names the source that has to be added.");

    public static readonly DiagnosticDescriptor ImageDoesNotFit = new(
        "PQS0524",
        Severity.Error,
        "the image fits none of the target's machines: {0}",
        "Prune or quantize further, or add a machine with more memory to the target's description.");

    public static readonly DiagnosticDescriptor LinkerScriptInvalid = new(
        "PQS0525",
        Severity.Error,
        "the linker script's template does not render: {0}",
        "Correct the template; it may use origin and length of flash, of ram and, where the machine has them, of vectors.");

    public static readonly DiagnosticDescriptor BuildFolderUnusable = new(
        "PQS0526",
        Severity.Error,
        "the build's files cannot be written: {0}",
        "Check that the folder exists, is writable and has room.");

    public static readonly DiagnosticDescriptor SanitizersMissing = new(
        "PQS0527",
        Severity.Error,
        "{0} has no sanitizer libraries; on Debian they come with {1}",
        "Install the package; the host's build of the verification program needs them.");

    public static readonly DiagnosticDescriptor ElfMalformed = new(
        "PQS0530",
        Severity.Error,
        "not a readable little-endian ELF file: {0}",
        "Build it again; the file is damaged or not an object file for a supported target.");

    public static readonly DiagnosticDescriptor StackFunctionMissing = new(
        "PQS0531",
        Severity.Error,
        "there is no function {0} whose stack could be computed",
        "Check the function's name and that the linker did not discard it.");

    public static readonly DiagnosticDescriptor StackNotBounded = new(
        "PQS0532",
        Severity.Warning,
        "the stack of {0} has no known bound: {1}",
        "Remove recursion, calls through pointers and variable-length arrays from what the function calls.");
}
