using System.Collections.Immutable;

namespace Pqs.Reference.Diagnostics;

/// <summary>Collects diagnostics in the order found. A function that can fail takes one, reports into it and returns null.</summary>
public sealed class DiagnosticBag
{
    private readonly List<Diagnostic> _diagnostics = [];

    public bool HasErrors { get; private set; }

    public int Count => _diagnostics.Count;

    public ImmutableArray<Diagnostic> ToImmutable() => [.. _diagnostics];

    public void Report(DiagnosticDescriptor descriptor, string place, params object[] arguments)
    {
        _diagnostics.Add(Diagnostic.Create(descriptor, place, arguments));
        HasErrors |= descriptor.Severity == Severity.Error;
    }

    /// <summary>Takes over what another bag has collected.</summary>
    public void AddRange(DiagnosticBag other)
    {
        _diagnostics.AddRange(other._diagnostics);
        HasErrors |= other.HasErrors;
    }
}
