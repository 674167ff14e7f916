using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pqs.Codegen.Toolchain;

/// <summary>A memory region that a linked image exceeds.</summary>
/// <param name="Region">Its name in the linker script.</param>
/// <param name="Bytes">By how much.</param>
internal sealed partial record RegionOverflow(string Region, long Bytes)
{
    /// <summary>The overflows that GNU ld's messages name; empty when linking failed for other reasons.</summary>
    public static ImmutableArray<RegionOverflow> Find(string messages) =>
    [
        .. Overflow().Matches(messages).Select(match => new RegionOverflow(
            match.Groups["region"].Value, long.Parse(match.Groups["bytes"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))),
    ];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bytes} bytes too many for {Region}");

    [GeneratedRegex("region [`'](?<region>\\w+)' overflowed by (?<bytes>[0-9]{1,18}) bytes?", RegexOptions.CultureInvariant)]
    private static partial Regex Overflow();
}
