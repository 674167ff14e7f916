using System.Collections.Immutable;
using System.Text.Json;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Targets;

/// <summary>Turns the JSON of a cost table, kernels with their costs by unit, into a <see cref="CostTable"/>.</summary>
internal static class CostReader
{
    /// <summary>Null, and at least one error reported, unless every kernel has numbers.</summary>
    public static CostTable? Read(JsonElement root, string place, DiagnosticBag diagnostics)
    {
        var kernels = ImmutableSortedDictionary.CreateBuilder<string, ImmutableSortedDictionary<string, double>>(StringComparer.Ordinal);
        if (root.ValueKind != JsonValueKind.Object)
        {
            diagnostics.Report(DiagnosticDescriptors.TargetMalformed, place, "the file holds another kind of value");
            return null;
        }

        var before = diagnostics.ToImmutable().Length;
        foreach (var kernel in root.EnumerateObject())
        {
            if (kernel.Value.ValueKind != JsonValueKind.Object || ReadCosts(kernel.Value) is not { } costs)
            {
                diagnostics.Report(DiagnosticDescriptors.TargetFieldInvalid, place, Printable.Name(kernel.Name), "an object of numbers of at least 0");
            }
            else if (!kernels.TryAdd(kernel.Name, costs))
            {
                diagnostics.Report(DiagnosticDescriptors.TargetFieldDuplicate, place, Printable.Name(kernel.Name));
            }
        }

        return diagnostics.ToImmutable().Length != before ? null : new CostTable(kernels.ToImmutable());
    }

    private static ImmutableSortedDictionary<string, double>? ReadCosts(JsonElement kernel)
    {
        var costs = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var cost in kernel.EnumerateObject())
        {
            if (cost.Value.ValueKind != JsonValueKind.Number || cost.Value.GetDouble() is not (>= 0 and <= 1e9) || !costs.TryAdd(cost.Name, cost.Value.GetDouble()))
            {
                return null;
            }
        }

        return costs.ToImmutable();
    }
}
