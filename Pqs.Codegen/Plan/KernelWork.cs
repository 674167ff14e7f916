using System.Collections.Immutable;

namespace Pqs.Codegen.Plan;

/// <summary>What a call of a kernel repeats, which is what its instructions are predicted from.</summary>
/// <param name="Kernel">The kernel's name in cost tables, which leaves out rounding and saturation.</param>
/// <param name="Counts">How often, by unit.</param>
public sealed record KernelWork(string Kernel, ImmutableArray<(string Unit, double Count)> Counts);
