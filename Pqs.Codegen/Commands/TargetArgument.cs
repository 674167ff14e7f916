using System.Collections.Immutable;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Commands;

/// <summary>Names of targets on a command line.</summary>
internal static class TargetArgument
{
    private const string All = "all";

    /// <summary>The targets of a list such as <c>host,cortex-m4</c>, or of <c>all</c>; null, reported, when one is unknown.</summary>
    public static ImmutableArray<Target>? Load(string list, DiagnosticBag diagnostics)
    {
        var names = list == All
            ? TargetCatalog.Names(Installation.TargetsFolder)
            : [.. list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
        var targets = ImmutableArray.CreateBuilder<Target>();
        foreach (var name in names.DefaultIfEmpty(list))
        {
            if (TargetCatalog.Load(Installation.TargetsFolder, name, diagnostics) is { } target)
            {
                targets.Add(target);
            }
        }

        return diagnostics.HasErrors ? null : targets.ToImmutable();
    }
}
