using Pqs.Compress.LinearAlgebra;
using Pqs.Compress.Reconstruction;

namespace Pqs.Compress.Quantizing;

/// <summary>
/// Moves single integer weights while that lessens the squared error, the whole of it being in view. What error feedback decided early is decided again, with
/// what came later known. An accumulator's limit, where there is one, is reached first and kept then.
/// </summary>
internal sealed class CoordinateDescent
{
    private const int MaximumPasses = 16;

    private readonly ChannelTarget _target;
    private readonly double _scale;
    private readonly WeightGrid _grid;
    private readonly int[] _integers;

    /// <summary>H · (ŵ − t).</summary>
    private readonly double[] _gradient;

    private long _positive;
    private long _negative;

    /// <param name="target">The channel.</param>
    /// <param name="scale">What an integer of 1 stands for; positive.</param>
    /// <param name="grid">The integers.</param>
    /// <param name="integers">The weights, which are changed in place.</param>
    public CoordinateDescent(ChannelTarget target, double scale, WeightGrid grid, int[] integers)
    {
        (_target, _scale, _grid, _integers) = (target, scale, grid, integers);
        var difference = new double[integers.Length];
        for (var i = 0; i < difference.Length; i++)
        {
            difference[i] = (integers[i] * scale) - target.Values[i];
            _positive += Math.Max(integers[i], 0);
            _negative += Math.Max(-integers[i], 0);
        }

        _gradient = target.Hessian.Times(difference);
    }

    /// <summary>Passes over all weights until none moves.</summary>
    public void Run(AccumulatorLimit? limit)
    {
        if (limit is { } needed)
        {
            Reach(needed);
        }

        var moved = true;
        for (var pass = 0; moved && pass < MaximumPasses; pass++)
        {
            moved = false;
            for (var i = 0; i < _integers.Length; i++)
            {
                var step = BestStep(i, limit);
                if (step != 0)
                {
                    Move(i, step);
                    moved = true;
                }
            }
        }
    }

    /// <summary>
    /// Passes with steps of two weights: one away from zero that the limit does not allow, and one towards it that makes room. For weights that the limit allows.
    /// </summary>
    public void Exchange(AccumulatorLimit limit)
    {
        var moved = true;
        for (var pass = 0; moved && pass < MaximumPasses; pass++)
        {
            moved = false;
            for (var i = 0; i < _integers.Length; i++)
            {
                var step = -Math.Sign(_gradient[i]);
                var isOutward = Math.Abs(_integers[i] + step) > Math.Abs(_integers[i]) && Math.Abs(_integers[i] + step) <= _grid.Limit;
                moved |= isOutward && Cost(i, step) < 0 && !IsAllowed(i, step, limit) && Exchange(i, step, limit);
            }
        }
    }

    private bool Exchange(int i, int step, AccumulatorLimit limit)
    {
        // Less than this is rounding.
        var (best, bestCost) = (-1, -1e-9 * _scale * _scale * _target.Hessian[i, i]);
        for (var j = 0; j < _integers.Length; j++)
        {
            var back = -Math.Sign(_integers[j]);
            if (j == i || back == 0)
            {
                continue;
            }

            var cost = Cost(i, step) + Cost(j, back) + (2 * step * back * _scale * _scale * _target.Hessian[i, j]);
            if (cost < bestCost && limit.Allows(_positive + Gain(i, step) + Gain(j, back), _negative + Loss(i, step) + Loss(j, back)))
            {
                (best, bestCost) = (j, cost);
            }
        }

        if (best >= 0)
        {
            Move(best, -Math.Sign(_integers[best]));
            Move(i, step);
        }

        return best >= 0;
    }

    /// <summary>By how much a step changes the sum of the positive weights.</summary>
    private int Gain(int i, int step) => Math.Max(_integers[i] + step, 0) - Math.Max(_integers[i], 0);

    /// <summary>By how much a step changes the sum of the negative weights' magnitudes.</summary>
    private int Loss(int i, int step) => Math.Max(-_integers[i] - step, 0) - Math.Max(-_integers[i], 0);

    /// <summary>Takes single steps towards zero, the cheapest first, until the limit allows the channel.</summary>
    private void Reach(AccumulatorLimit limit)
    {
        while (!limit.Allows(_positive, _negative))
        {
            // The sum that the limit is about: of the weights of one sign where inputs have one sign; of both, where not.
            var (best, bestCost) = (-1, double.PositiveInfinity);
            for (var i = 0; i < _integers.Length; i++)
            {
                var step = -Math.Sign(_integers[i]);
                if (step != 0 && Helps(limit, step) && Cost(i, step) < bestCost)
                {
                    (best, bestCost) = (i, Cost(i, step));
                }
            }

            Move(best, -Math.Sign(_integers[best]));
        }
    }

    /// <summary>True where a step towards zero of a negative (1) or positive (-1) weight is in the way of the limit.</summary>
    private bool Helps(AccumulatorLimit limit, int step) =>
        limit.Low < 0 || (step < 0 ? !limit.Allows(_positive, 0) : !limit.Allows(0, _negative));

    private int BestStep(int i, AccumulatorLimit? limit)
    {
        var curvature = _scale * _target.Hessian[i, i];
        var step = _grid.Nearest((_integers[i] * 1.0) - (_gradient[i] / curvature)) - _integers[i];
        while (step != 0 && !(Cost(i, step) < 0 && IsAllowed(i, step, limit)))
        {
            step -= Math.Sign(step);
        }

        return step;
    }

    private bool IsAllowed(int i, int step, AccumulatorLimit? limit) =>
        limit is not { } needed || needed.Allows(_positive + Gain(i, step), _negative + Loss(i, step));

    /// <summary>By how much a step changes the squared error; 0 for what is within rounding of it.</summary>
    private double Cost(int i, int step)
    {
        var change = step * _scale;
        var quadratic = change * change * _target.Hessian[i, i];
        var cost = (2 * change * _gradient[i]) + quadratic;
        return Math.Abs(cost) < 1e-9 * quadratic ? 0 : cost;
    }

    private void Move(int i, int step)
    {
        _positive += Gain(i, step);
        _negative += Loss(i, step);
        _integers[i] += step;
        Vectors.AddScaled(_gradient, step * _scale, _target.Hessian.Row(i));
    }
}
