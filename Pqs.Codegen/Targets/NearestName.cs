using System.Collections.Immutable;

namespace Pqs.Codegen.Targets;

/// <summary>Finds the name that a user most likely meant.</summary>
internal static class NearestName
{
    /// <summary>
    /// The name with the fewest edits, the earlier of equals; null when more than a third of the letters would have to change.
    /// </summary>
    public static string? Find(string given, ImmutableArray<string> names)
    {
        // A longer text than any name can be is not worth the quadratic comparison.
        if (given.Length > 100)
        {
            return null;
        }

        var nearest = names.MinBy(name => Edits(given, name));
        return nearest is not null && Edits(given, nearest) <= Math.Max(1, nearest.Length / 3) ? nearest : null;
    }

    private static int Edits(string left, string right)
    {
        var previous = Enumerable.Range(0, right.Length + 1).ToArray();
        foreach (var letter in left)
        {
            var current = new int[right.Length + 1];
            current[0] = previous[0] + 1;
            for (var i = 0; i < right.Length; i++)
            {
                var change = char.ToLowerInvariant(letter) == char.ToLowerInvariant(right[i]) ? 0 : 1;
                current[i + 1] = Math.Min(previous[i] + change, Math.Min(previous[i + 1], current[i]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
