using Pqs.Compress.Reconstruction;

namespace Pqs.Compress.Quantizing;

/// <summary>Chooses the scale of a channel and rounds its weights to it.</summary>
/// <param name="Grid">The integers.</param>
/// <param name="HasErrorFeedback">True where later weights make up for the rounding of earlier ones; else each is rounded to the nearest.</param>
/// <param name="HasScaleSearch">True where the scale is the one of least error; else the one that covers the greatest weight.</param>
/// <param name="Limit">Weights must fit this, whatever the input; or null.</param>
/// <param name="IsSafe">Whether integers (of the given products) keep their sums in the accumulator on the calibration data; or null.</param>
public sealed record ChannelQuantizer(
    WeightGrid Grid, bool HasErrorFeedback, bool HasScaleSearch, AccumulatorLimit? Limit, Func<int[], int[], bool>? IsSafe)
{
    /// <summary>Scales that are tried up to the covering one, and the least of them as a part of that.</summary>
    private const int Steps = 24;

    private const double Least = 0.35;

    /// <summary>From one scale to the next, where weights have to become smaller for an accumulator.</summary>
    private const double Growth = 1.08;

    /// <summary>Scales without an improvement after which the search for a smaller error ends.</summary>
    private const int Patience = 8;

    /// <summary>Smaller sums without an improvement after which the search among them ends.</summary>
    private const int PathPatience = 3;

    /// <summary>Scales around the one with which an accumulator just holds the weights.</summary>
    private static readonly double[] Factors = [0.8, 1, 1.25];

    /// <param name="target">The channel's kept weights as real numbers.</param>
    /// <param name="products">K.</param>
    /// <param name="leastScale">Scales are not below it, so that the bias fits an integer; positive.</param>
    public QuantizedChannel Quantize(ChannelTarget target, int products, double leastScale)
    {
        var covering = ScaleSearch.Covering(target.Values, Grid);
        if (covering == 0)
        {
            return new QuantizedChannel(new int[products], (float)leastScale);
        }

        var scale = Math.Max(BestScale(target, covering), leastScale);
        var (integers, _) = Round(target, scale);
        if (!IsAllowed(target, integers))
        {
            (scale, integers) = Limit is { } limit && HasErrorFeedback ? ShrinkTo(target, limit, leastScale) : Shrink(target, scale);
        }

        var weights = new int[products];
        for (var i = 0; i < integers.Length; i++)
        {
            weights[target.Support[i]] = integers[i];
        }

        return new QuantizedChannel(weights, (float)scale);
    }

    private double BestScale(ChannelTarget target, double covering)
    {
        if (!HasScaleSearch)
        {
            return covering;
        }

        if (!HasErrorFeedback)
        {
            return ScaleSearch.LeastError(target.Values, Array.ConvertAll(Enumerable.Range(0, target.Values.Length).ToArray(), i => target.Hessian[i, i]), Grid);
        }

        var (best, bestError) = (covering, double.PositiveInfinity);
        var integers = new int[target.Values.Length];
        for (var step = Steps; step > 0; step--)
        {
            var scale = covering * (Least + ((1 - Least) * step / Steps));
            var error = ErrorFeedback.Round(target, scale, Grid, integers);
            if (error < bestError)
            {
                (best, bestError) = (scale, error);
            }
        }

        return best;
    }

    /// <summary>
    /// Rounds weights with smaller and smaller sums to the least scale with which the accumulator holds them; takes the one with the least error.
    /// </summary>
    private (double Scale, int[] Integers) ShrinkTo(ChannelTarget target, AccumulatorLimit limit, double leastScale)
    {
        (double Scale, int[] Integers, double Error) best = (leastScale, new int[target.Values.Length], double.PositiveInfinity);
        var worse = 0;
        foreach (var weights in ShrunkWeights.Path(target))
        {
            worse++;
            var least = Math.Max(Math.Max(limit.LeastScale(weights), ScaleSearch.Covering(weights, Grid)), leastScale);
            foreach (var factor in Factors)
            {
                var integers = new int[weights.Length];
                var scale = least * factor;
                ErrorFeedback.Round(target with { Values = weights }, scale, Grid, integers);
                new CoordinateDescent(target, scale, Grid, integers).Run(limit);
                var error = target.Error(Array.ConvertAll(integers, integer => integer * scale));
                if (error < best.Error)
                {
                    (best, worse) = ((scale, integers, error), 0);
                }
            }

            if (worse == PathPatience)
            {
                break;
            }
        }

        new CoordinateDescent(target, best.Scale, Grid, best.Integers).Exchange(limit);
        return (best.Scale, best.Integers);
    }

    /// <summary>Larger scales, so smaller integers, until the accumulator holds the sums: of those that fit, the one with the least error in reach.</summary>
    private (double Scale, int[] Integers) Shrink(ChannelTarget target, double scale)
    {
        (double Scale, int[] Integers, double Error) best = (scale, new int[target.Values.Length], double.PositiveInfinity);
        var worse = 0;
        for (var isZero = false; !isZero && worse < Patience; scale *= Growth)
        {
            var (integers, itsError) = Round(target, scale);
            isZero = integers.All(integer => integer == 0);
            worse = itsError < best.Error || double.IsInfinity(best.Error) ? 0 : worse + 1;
            if (itsError < best.Error && IsAllowed(target, integers))
            {
                best = (scale, integers, itsError);
            }
        }

        return (best.Scale, best.Integers);
    }

    private (int[] Integers, double Error) Round(ChannelTarget target, double scale)
    {
        var integers = Array.ConvertAll(target.Values, value => Grid.Nearest(value / scale));
        if (HasErrorFeedback)
        {
            ErrorFeedback.Round(target, scale, Grid, integers);
            new CoordinateDescent(target, scale, Grid, integers).Run(null);
        }

        return (integers, target.Error(Array.ConvertAll(integers, integer => integer * scale)));
    }

    private bool IsAllowed(ChannelTarget target, int[] integers) =>
        (Limit is not { } limit || limit.Allows(integers)) && (IsSafe == null || IsSafe(target.Support, integers));
}
