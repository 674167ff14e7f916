using System.Globalization;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Model;

/// <summary>N:M pruning: of every M consecutive weights along the reduction axis of a channel at most N are not zero; a last group may be shorter.</summary>
public sealed record PruningPattern(int N, int M)
{
    /// <summary>Largest group that is looked for.</summary>
    public const int MaximumM = 32;

    /// <summary>For example <c>2:4</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{N}:{M}");

    /// <returns>The pattern of a text such as <c>2:4</c>, with N at most M and M from 2 to <see cref="MaximumM"/>; null where the text is none.</returns>
    public static PruningPattern? Parse(string text) =>
        text.Split(':') is [var first, var second]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var n)
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var m)
        && n <= m && m is >= 2 and <= MaximumM
            ? new PruningPattern(n, m)
            : null;

    /// <summary>True when the weights of every channel have the pattern.</summary>
    public bool HoldsFor(DotProductOperator @operator) => MostKept(@operator, M) <= N;

    /// <summary>
    /// The pattern with the fewest kept weights, the smallest group among equals; null for a layer that no pattern thins out. A pattern has at least two
    /// groups in a channel: any few weights would make one.
    /// </summary>
    public static PruningPattern? Detect(DotProductOperator @operator)
    {
        PruningPattern? best = null;
        for (var m = 2; m <= Math.Min(MaximumM, @operator.ProductCount / 2); m++)
        {
            var n = MostKept(@operator, m);
            if (n < m && (best == null || n * best.M < best.N * m))
            {
                best = new PruningPattern(n, m);
            }
        }

        return best;
    }

    private static int MostKept(DotProductOperator @operator, int m)
    {
        var most = 0;
        for (var channel = 0; channel < @operator.OutputChannels && most < m; channel++)
        {
            for (var start = 0; start < @operator.ProductCount; start += m)
            {
                var kept = 0;
                for (var k = start; k < Math.Min(start + m, @operator.ProductCount); k++)
                {
                    kept += @operator.Weight(channel, k) != 0 ? 1 : 0;
                }

                most = Math.Max(most, kept);
            }
        }

        return most;
    }
}
