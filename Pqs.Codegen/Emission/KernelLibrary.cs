using System.Collections.Immutable;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;

namespace Pqs.Codegen.Emission;

/// <summary>
/// The kernel library: the files of templates/kernels, each the same for every model, so that the files of several models are put together by keeping one of
/// each name. A model has those that its calls need.
/// </summary>
internal static class KernelLibrary
{
    private const string Interface = "pqs_kernels.h";

    private static readonly Lazy<ImmutableSortedDictionary<string, KernelSource>> Sources = new(() =>
        Directory.EnumerateFiles(Installation.KernelsFolder, "pqs_*.?").Select(KernelSource.Read).ToImmutableSortedDictionary(source => source.Name, source => source, StringComparer.Ordinal));

    private static readonly Lazy<ImmutableDictionary<string, ImmutableArray<string>>> Needs = new(() =>
        Sources.Value.Values.ToImmutableDictionary(source => source.Name, DirectNeeds, StringComparer.Ordinal));

    /// <summary>All of its files.</summary>
    public static ImmutableArray<GeneratedFile> Files() => Files(Sources.Value.Keys);

    /// <summary>The files that a plan's calls need.</summary>
    public static ImmutableArray<GeneratedFile> Files(ExecutionPlan plan) => FilesOf(plan.Steps.Select(step => step.Call?.Function).OfType<string>().Distinct(StringComparer.Ordinal));

    /// <summary>The files that calls of these functions need.</summary>
    public static ImmutableArray<GeneratedFile> FilesOf(IEnumerable<string> functions) => Files(functions.SelectMany(Definitions).Prepend(Interface));

    /// <summary>The files whose names are in a folder already, and what they need: all kernels of a folder are to be of one version.</summary>
    public static ImmutableArray<GeneratedFile> Files(string folder) => Files(Sources.Value.Keys.Where(name => File.Exists(Path.Combine(folder, name))));

    /// <summary>Names of the C files among those that a plan's calls need.</summary>
    public static ImmutableArray<string> Compiled(ExecutionPlan plan) => [.. Files(plan).Select(file => file.Name).Where(name => name.EndsWith(".c", StringComparison.Ordinal))];

    /// <summary>Whether a file of this name is one of the library.</summary>
    public static bool Contains(string name) => Sources.Value.ContainsKey(name);

    /// <summary>The files that define a function: more than one where a function has a file for each of several tiers.</summary>
    private static IEnumerable<string> Definitions(string function)
    {
        var definitions = Sources.Value.Values.Where(source => source.Defined.Contains(function)).Select(source => source.Name).ToArray();
        return definitions.Length > 0 ? definitions : throw new ArgumentException($"the kernel library has no {function}", nameof(function));
    }

    /// <summary>The files and all that they need: the interface, other headers, then C files, in ordinal order.</summary>
    private static ImmutableArray<GeneratedFile> Files(IEnumerable<string> names)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var pending = new Stack<string>(names);
        while (pending.TryPop(out var name))
        {
            if (found.Add(name))
            {
                foreach (var needed in Needs.Value[name])
                {
                    pending.Push(needed);
                }
            }
        }

        return
        [
            .. found.Select(name => Sources.Value[name]).OrderBy(source => source.Name != Interface).ThenBy(source => !source.IsHeader).ThenBy(source => source.Name, StringComparer.Ordinal)
                .Select(source => new GeneratedFile(source.Name, source.Text)),
        ];
    }

    /// <summary>
    /// The headers that a file includes, and the files that define what it names and does not define itself, as a file for another tier may. The interface names
    /// everything and needs nothing.
    /// </summary>
    private static ImmutableArray<string> DirectNeeds(KernelSource source) => source.Name == Interface
        ? []
        : [.. source.Includes, .. Sources.Value.Values.Where(other => other.Name != source.Name && other.Defined.Overlaps(source.Named.Except(source.Defined))).Select(other => other.Name)];
}
