using System.Collections.Immutable;

namespace Pqs.Tests.Bench;

/// <summary>What measurements have in common: the cores, and where their tables go.</summary>
internal static class BenchReport
{
    /// <summary>One of each kind; M0+ runs what M0 does.</summary>
    public static ImmutableArray<string> Cores { get; } = ["cortex-m0", "cortex-m3", "cortex-m4", "cortex-m7", "cortex-m33", "cortex-m55"];

    /// <summary>The cores as the heads of a table's columns.</summary>
    public static string Heads { get; } = string.Join(" | ", Cores.Select(core => core["cortex-".Length..].ToUpperInvariant()));

    /// <summary>The line below these heads.</summary>
    public static string HeadsLine { get; } = string.Concat(Enumerable.Repeat("---|", Cores.Length));

    /// <summary>Writes a file of out/bench.</summary>
    public static void Write(string name, string text)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "out", "bench"));
        File.WriteAllText(Path.Combine(folder.FullName, name), text);
    }
}
