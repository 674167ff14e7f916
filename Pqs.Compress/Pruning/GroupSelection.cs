namespace Pqs.Compress.Pruning;

/// <summary>The choice inside one group of a pattern: which weights are worth most.</summary>
internal static class GroupSelection
{
    /// <summary>Marks the N greatest of up to 32 scores; of equal ones the first.</summary>
    public static void KeepGreatest(ReadOnlySpan<double> scores, int n, Span<bool> isKept)
    {
        isKept.Clear();
        for (var kept = 0; kept < Math.Min(n, scores.Length); kept++)
        {
            var best = -1;
            for (var i = 0; i < scores.Length; i++)
            {
                if (!isKept[i] && (best < 0 || scores[i] > scores[best]))
                {
                    best = i;
                }
            }

            isKept[best] = true;
        }
    }
}
