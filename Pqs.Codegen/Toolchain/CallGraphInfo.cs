using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pqs.Codegen.Toolchain;

/// <summary>The compiler's call graphs with stack sizes (GCC's -fcallgraph-info=su), of all files of a program together.</summary>
/// <param name="Functions">By name. Functions of one name in several files, which only static ones can be, are taken together.</param>
public sealed partial record CallGraphInfo(ImmutableSortedDictionary<string, CompiledFunction> Functions)
{
    private const string IndirectCall = "__indirect_call";

    /// <param name="graphs">Contents of the .ci files. Lines that are not understood are left out, so such a function counts as not
    /// compiled.</param>
    public static CallGraphInfo Parse(IEnumerable<string> graphs)
    {
        var functions = ImmutableSortedDictionary.CreateBuilder<string, CompiledFunction>(StringComparer.Ordinal);
        foreach (var graph in graphs)
        {
            foreach (var (name, function) in ParseFile(graph))
            {
                functions[name] = functions.TryGetValue(name, out var other) ? other.Or(function) : function;
            }
        }

        return new CallGraphInfo(functions.ToImmutable());
    }

    private static Dictionary<string, CompiledFunction> ParseFile(string graph)
    {
        var functions = new Dictionary<string, CompiledFunction>(StringComparer.Ordinal);
        foreach (Match node in Node().Matches(graph))
        {
            if (long.TryParse(node.Groups["bytes"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
            {
                // "dynamic,bounded" is a variable frame of which the given size is the most.
                functions[Name(node.Groups["title"].Value)] =
                    CompiledFunction.Empty with { Frame = bytes, IsBounded = node.Groups["kind"].Value is "static" or "dynamic,bounded" };
            }
        }

        foreach (Match edge in Edge().Matches(graph))
        {
            var (source, callee) = (Name(edge.Groups["source"].Value), Name(edge.Groups["target"].Value));
            if (functions.TryGetValue(source, out var function))
            {
                functions[source] = callee == IndirectCall
                    ? function with { CallsIndirectly = true }
                    : function with { Callees = function.Callees.Add(callee) };
            }
        }

        return functions;
    }

    /// <summary>A static function's title is its file, a colon and its name.</summary>
    private static string Name(string title) => title[(title.LastIndexOf(':') + 1)..];

    [GeneratedRegex(
        """^node: \{ title: "(?<title>[^"\n]+)" label: "[^"\n]*\\n(?<bytes>[0-9]+) bytes \((?<kind>[a-z,]+)\)""",
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Node();

    [GeneratedRegex(
        """^edge: \{ sourcename: "(?<source>[^"\n]+)" targetname: "(?<target>[^"\n]+)" """,
        RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Edge();
}
