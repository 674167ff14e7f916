using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pqs.Codegen.Toolchain;

/// <summary>Reads the map that GNU ld writes (-Map).</summary>
internal static partial class LinkerMap
{
    /// <summary>Above this heading the map lists, in the same form, what was discarded.</summary>
    private const string Heading = "Linker script and memory map";

    public static ImmutableArray<LinkedPart> Parse(string map)
    {
        var parts = ImmutableArray.CreateBuilder<LinkedPart>();
        var start = map.IndexOf(Heading, StringComparison.Ordinal);
        var section = "";
        foreach (var line in (start < 0 ? "" : map[start..]).Split('\n'))
        {
            // An output section begins in the first column, a part after one space. A long name stands on a line of its own.
            if (line.Length > 0 && line[0] is not (' ' or '\r'))
            {
                section = line.Split(' ', 2)[0].TrimEnd('\r');
            }
            else if (Part().Match(line) is { Success: true } match
                && long.TryParse(
                    match.Groups["size"].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size))
            {
                parts.Add(new LinkedPart(section, size, match.Groups["object"].Value));
            }
        }

        return parts.ToImmutable();
    }

    [GeneratedRegex(@"^ (\S+)? +0x[0-9a-f]+ +0x(?<size>[0-9a-f]+) (?<object>\S.*?)\r?$", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
