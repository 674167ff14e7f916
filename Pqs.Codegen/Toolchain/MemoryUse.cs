using System.Collections.Immutable;

namespace Pqs.Codegen.Toolchain;

/// <summary>Bytes of memory that a linked program takes.</summary>
/// <param name="Flash">Code, constants and the initial values of variables.</param>
/// <param name="Ram">Variables, initialised or not, without what the linker script reserves for stack and heap.</param>
/// <param name="Objects">The same for each object that was linked, by name. Their sum is less than the totals by what aligns them.</param>
public sealed record MemoryUse(long Flash, long Ram, ImmutableArray<ObjectUse> Objects)
{
    /// <summary>The sum over the objects whose name passes.</summary>
    public (long Flash, long Ram) Of(Func<string, bool> isIncluded)
    {
        var included = Objects.Where(o => isIncluded(o.Name)).ToArray();
        return (included.Sum(o => o.Flash), included.Sum(o => o.Ram));
    }

    /// <summary>
    /// Measures a program by its sections and the map that the linker wrote for it. The sources are the C files' names by the paths of
    /// their
    /// objects as given to the linker.
    /// </summary>
    public static MemoryUse Measure(ElfFile elf, string map, ImmutableDictionary<string, string> sources)
    {
        // Sections of one name are alike in what they take.
        var sections = elf.Sections.Where(s => s.IsAllocated).DistinctBy(s => s.Name).ToDictionary(s => s.Name, StringComparer.Ordinal);
        var objects = LinkerMap.Parse(map)
            .Where(part => sections.ContainsKey(part.OutputSection))
            .GroupBy(part => Name(part.Object, sources), StringComparer.Ordinal)
            .Select(group => new ObjectUse(
                group.Key,
                group.Where(part => TakesFlash(sections[part.OutputSection])).Sum(part => part.Size),
                group.Where(part => TakesRam(sections[part.OutputSection])).Sum(part => part.Size)))
            .Where(use => use is not { Flash: 0, Ram: 0 })
            .OrderBy(use => use.Name, StringComparer.Ordinal);
        return new MemoryUse(Sum(elf, TakesFlash), Sum(elf, TakesRam), [.. objects]);
    }

    private static long Sum(ElfFile elf, Func<ElfSection, bool> isIncluded) => elf.Sections.Where(isIncluded).Sum(s => (long)s.Size);

    private static bool TakesFlash(ElfSection section) => section.IsAllocated && section.HasContents;

    private static bool TakesRam(ElfSection section) =>
        section is { IsAllocated: true, IsWritable: true }
        && !section.Name.Contains("stack", StringComparison.Ordinal)
        && !section.Name.Contains("heap", StringComparison.Ordinal);

    private static string Name(string linked, ImmutableDictionary<string, string> sources) =>
        sources.TryGetValue(linked, out var source) ? source : Path.GetFileName(linked);
}
