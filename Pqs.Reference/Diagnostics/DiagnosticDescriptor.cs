namespace Pqs.Reference.Diagnostics;

/// <summary>One kind of diagnostic. Descriptors are listed in <see cref="DiagnosticDescriptors"/>; ids are never reused.</summary>
/// <param name="Id">"PQS" and four digits; the first two say the room (see docs/diagnostics.md).</param>
/// <param name="Severity">What it weighs.</param>
/// <param name="Message">Format string of the message; says what is wrong.</param>
/// <param name="Help">What the user can do about it; one sentence.</param>
public sealed record DiagnosticDescriptor(string Id, Severity Severity, string Message, string Help);
