using System.Collections.Immutable;

namespace Pqs.Codegen.Targets;

/// <summary>
/// Executed instructions of kernels on one target: for each kernel, what each thing that it repeats takes, and the flash of its code. Measured, so near the
/// truth and not the truth; <c>make calibrate</c> writes the tables in targets/costs.
/// </summary>
/// <param name="Kernels">By the kernel's name: instructions by the name of what is counted, at least 0, and <see cref="CodeUnit"/>.</param>
public sealed record CostTable(ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, double>> Kernels)
{
    /// <summary>Nothing is known.</summary>
    public static CostTable None { get; } =
        new(ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, double>>(StringComparer.Ordinal));

    /// <summary>Name, among the costs of a kernel, of the bytes of flash that its code takes.</summary>
    public const string CodeUnit = "flash";

    /// <summary>The instructions of a call, or null for a kernel that the target has no costs of. What is counted and has no cost there costs nothing.</summary>
    public double? Predict(string kernel, IEnumerable<(string Unit, double Count)> counts) => Kernels.TryGetValue(kernel, out var costs)
        ? counts.Sum(entry => costs.GetValueOrDefault(entry.Unit) * entry.Count)
        : null;

    /// <summary>Bytes of flash of a kernel's code, with what it calls; 0 where they are not known.</summary>
    public double CodeBytes(string kernel) => Kernels.TryGetValue(kernel, out var costs) ? costs.GetValueOrDefault(CodeUnit) : 0;
}
