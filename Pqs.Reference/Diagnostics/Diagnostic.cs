using System.Globalization;

namespace Pqs.Reference.Diagnostics;

/// <summary>One finding about a user's input: which kind, where, and the values that go into its message.</summary>
/// <param name="Descriptor">The kind.</param>
/// <param name="Place">File, and where known the node or tensor in it, for example <c>net.tflite: node 3 CONV_2D</c>.</param>
/// <param name="Message">The formatted message, on one line and without control characters.</param>
public sealed record Diagnostic(DiagnosticDescriptor Descriptor, string Place, string Message)
{
    public static Diagnostic Create(DiagnosticDescriptor descriptor, string place, params object[] arguments) =>
        new(descriptor, Printable.Line(place), Printable.Line(string.Format(CultureInfo.InvariantCulture, descriptor.Message, arguments)));

    public override string ToString()
    {
        var severity = Descriptor.Severity switch
        {
            Severity.Error => "error",
            Severity.Warning => "warning",
            _ => "note",
        };
        var help = Descriptor.Help.Length == 0 ? "" : $"\n  help: {Descriptor.Help}";
        return $"{Place}: {severity} {Descriptor.Id}: {Message}{help}";
    }
}
