using Pqs.Reference.Diagnostics;

namespace Pqs.Tests.Toolchain;

internal static class DiagnosticBagExtensions
{
    /// <summary>What was reported, each as its id, place and message.</summary>
    public static string[] Lines(this DiagnosticBag diagnostics) =>
        [.. diagnostics.ToImmutable().Select(d => $"{d.Descriptor.Id} {d.Place}: {d.Message}")];
}
