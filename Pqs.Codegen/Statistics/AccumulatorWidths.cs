using System.Globalization;
using Pqs.Reference.Model;

namespace Pqs.Codegen.Statistics;

/// <summary>The widths at which overflows are counted.</summary>
/// <param name="Lowest">The narrowest, at least <see cref="Accumulator.MinimumBits"/>.</param>
/// <param name="Highest">The widest, at most <see cref="Accumulator.MaximumBits"/> and not below the narrowest.</param>
public readonly record struct AccumulatorWidths(int Lowest, int Highest)
{
    private const string Separator = "..";

    public IEnumerable<int> All => Enumerable.Range(Lowest, Highest - Lowest + 1);

    /// <summary>Whether a text is meant as a range of widths; it may be malformed.</summary>
    public static bool IsRange(string? text) => text?.Contains(Separator, StringComparison.Ordinal) == true;

    /// <summary>Reads a range such as <c>10..20</c>.</summary>
    /// <returns>The widths, or null where the text is no range of possible widths.</returns>
    public static AccumulatorWidths? Parse(string text)
    {
        var ends = text.Split(Separator);
        return ends.Length == 2 && Width(ends[0]) is { } lowest && Width(ends[1]) is { } highest && lowest <= highest
            ? new AccumulatorWidths(lowest, highest)
            : null;
    }

    private static int? Width(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var width) && width is >= Accumulator.MinimumBits and <= Accumulator.MaximumBits
            ? width
            : null;
}
