namespace Pqs.Compress.Quantizing;

/// <summary>The scale of a channel's integer weights.</summary>
public static class ScaleSearch
{
    /// <summary>Scales that are tried between the least and the largest.</summary>
    private const int Steps = 80;

    /// <summary>The least scale that is tried, as a part of the largest: beyond it nearly all weights would be clipped.</summary>
    private const double Least = 0.2;

    /// <summary>The scale with which the greatest magnitude is the grid's limit; 0 where all weights are 0.</summary>
    public static double Covering(ReadOnlySpan<double> weights, WeightGrid grid)
    {
        var greatest = 0.0;
        foreach (var weight in weights)
        {
            greatest = Math.Max(greatest, Math.Abs(weight));
        }

        return greatest / grid.Limit;
    }

    /// <summary>
    /// The scale that gives the least squared error of plain rounding; smaller scales clip the greatest weights and round the others more finely.
    /// </summary>
    /// <param name="weights">Of one channel.</param>
    /// <param name="importance">What the squared error of each weight counts; empty for 1 each.</param>
    /// <param name="grid">The integers.</param>
    /// <returns>0 where all weights are 0.</returns>
    public static double LeastError(ReadOnlySpan<double> weights, ReadOnlySpan<double> importance, WeightGrid grid)
    {
        var covering = Covering(weights, grid);
        var (best, bestError) = (covering, double.PositiveInfinity);
        for (var step = Steps; covering > 0 && step > 0; step--)
        {
            var scale = covering * (Least + ((1 - Least) * step / Steps));
            var error = 0.0;
            for (var i = 0; i < weights.Length; i++)
            {
                var difference = weights[i] - (scale * grid.Nearest(weights[i] / scale));
                error += difference * difference * (importance.IsEmpty ? 1 : importance[i]);
            }

            if (error < bestError)
            {
                (best, bestError) = (scale, error);
            }
        }

        return best;
    }
}
