using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Pqs.Codegen.Emission;

/// <summary>A file of the kernel library, and what ties it to the others.</summary>
/// <param name="Name">Its name, without a folder.</param>
/// <param name="Text">Its whole text.</param>
/// <param name="Includes">Names of the library's headers that it includes.</param>
/// <param name="Defined">Functions that other files may call; none of a header, whose functions are inline.</param>
/// <param name="Named">Identifiers of the library in its code: those that it calls are among them.</param>
internal sealed partial record KernelSource(
    string Name, string Text, ImmutableHashSet<string> Includes, ImmutableHashSet<string> Defined, ImmutableHashSet<string> Named)
{
    public bool IsHeader => Name.EndsWith(".h", StringComparison.Ordinal);

    public static KernelSource Read(string path)
    {
        var (name, text) = (Path.GetFileName(path), File.ReadAllText(path));
        var code = Comment().Replace(text, " ");
        return new KernelSource(name, text, Find(Include(), code), name.EndsWith(".c", StringComparison.Ordinal) ? Find(Definition(), code) : [], Find(Identifier(), code));
    }

    private static ImmutableHashSet<string> Find(Regex pattern, string code) =>
        pattern.Matches(code).Select(match => match.Groups[1].Value).ToImmutableHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Comment();

    [GeneratedRegex("^#include \"(pqs_[a-z0-9_]+\\.h)\"", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Include();

    /// <summary>A line that starts with a type and a function's name. Functions of one file start with PQS_INLINE or PQS_NOINLINE.</summary>
    [GeneratedRegex(@"^[a-z]\w* (pqs_\w+)\(", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Definition();

    [GeneratedRegex(@"\b(pqs_\w+)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();
}
