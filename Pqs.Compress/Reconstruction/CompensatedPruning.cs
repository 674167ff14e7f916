using Pqs.Compress.LinearAlgebra;
using Pqs.Compress.Pruning;

namespace Pqs.Compress.Reconstruction;

/// <summary>
/// Chooses which weights an N:M pattern keeps by what their removal costs after the others have made up for it: SparseGPT (Frantar and Alistarh, arXiv
/// 2301.00774) with the choice inside a group by Optimal Brain Surgeon (arXiv 2208.11580). Groups are decided from the last to the first; the weights before a
/// group are still free then. With H = L · L^T, the cost of errors e in a group after that is e^T S e, S = L_G · L_G^T, L_G the group's block on L's diagonal.
/// </summary>
public static class CompensatedPruning
{
    /// <param name="problem">The layer's, or a depthwise channel's.</param>
    /// <param name="factor">Of its H.</param>
    /// <param name="weights">Original weights: a row for each channel, in natural order.</param>
    /// <param name="pattern">A possible pattern.</param>
    public static PruningMask Select(LayerProblem problem, Cholesky factor, Matrix weights, SparsityPattern pattern)
    {
        var mask = PruningMask.All(weights.Rows, problem.Products);
        var sets = (weights.Rows + pattern.Channels - 1) / pattern.Channels;
        Parallel.For(0, sets, set =>
        {
            var first = set * pattern.Channels;
            var channels = Enumerable.Range(first, Math.Min(pattern.Channels, weights.Rows - first));
            Sweep(factor, [.. channels.Select(channel => new Channel(channel, factor.Solve(problem.RightSide(weights.Row(channel)))))], mask, pattern);
        });
        return mask;
    }

    private static void Sweep(Cholesky factor, Channel[] channels, PruningMask mask, SparsityPattern pattern)
    {
        var products = mask.Products;
        for (var start = (products - 1) / pattern.M * pattern.M; start >= 0; start -= pattern.M)
        {
            var size = Math.Min(pattern.M, products - start);
            if (size <= pattern.N)
            {
                continue;
            }

            var values = channels.Select(channel => channel.Values(factor, start, size)).ToArray();
            var removed = RemoveLeast(Inverse(factor, start, size), values, size - pattern.N);
            foreach (var (channel, value) in channels.Zip(values))
            {
                for (var i = 0; i < size; i++)
                {
                    mask[channel.Index, start + i] = !removed[i];
                    channel.Fix(factor, start + i, removed[i] ? 0 : value[i]);
                }
            }
        }
    }

    /// <summary>The inverse of a group's S.</summary>
    private static Matrix Inverse(Cholesky factor, int start, int size)
    {
        var s = new Matrix(size, size);
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                s[i, j] = s[j, i] = Vectors.Dot(factor.Row(start + i).Slice(start, j + 1), factor.Row(start + j).Slice(start, j + 1));
            }
        }

        var group = Cholesky.Factor(s) ?? throw new InvalidOperationException("A block of a positive definite matrix is not.");
        var inverse = new Matrix(size, size);
        for (var i = 0; i < size; i++)
        {
            var unit = new double[size];
            unit[i] = 1;
            group.Solve(unit).CopyTo(inverse.Row(i));
        }

        return inverse;
    }

    /// <summary>
    /// Optimal Brain Surgeon: removes the weight whose removal costs least, w² / [S^-1]_ii summed over the channels, and lets the others make up for it; again
    /// until enough are gone. Of equal ones the last goes. Changes both arguments.
    /// </summary>
    private static bool[] RemoveLeast(Matrix inverse, double[][] values, int count)
    {
        var removed = new bool[inverse.Rows];
        for (; count > 0; count--)
        {
            var (least, leastCost) = (-1, double.PositiveInfinity);
            for (var i = inverse.Rows - 1; i >= 0; i--)
            {
                var cost = removed[i] ? double.PositiveInfinity : values.Sum(value => value[i] * value[i]) / inverse[i, i];
                if (cost < leastCost)
                {
                    (least, leastCost) = (i, cost);
                }
            }

            removed[least] = true;
            var pivot = inverse[least, least];
            var column = inverse.Row(least).ToArray();
            foreach (var value in values)
            {
                Vectors.AddScaled(value, -value[least] / pivot, column);
                value[least] = 0;
            }

            for (var i = 0; i < inverse.Rows; i++)
            {
                Vectors.AddScaled(inverse.Row(i), -column[i] / pivot, column);
            }

            // What is gone takes no further part, whatever rounding left of it.
            for (var i = 0; i < inverse.Rows; i++)
            {
                inverse[i, least] = inverse[least, i] = 0;
            }
        }

        return removed;
    }

    /// <summary>A channel under way.</summary>
    /// <param name="Index">Its number.</param>
    /// <param name="Target">t, the best dense weights.</param>
    private sealed record Channel(int Index, double[] Target)
    {
        /// <summary>For each weight i that is still free: Σ L_ji · e_j over the weights j that are fixed, e_j being their distance from t.</summary>
        private readonly double[] _pull = new double[Target.Length];

        /// <summary>The best values of a group, now that what comes behind it is fixed.</summary>
        public double[] Values(Cholesky factor, int start, int size)
        {
            // L_G^T · e = −pull; the part of L before the group does not take part, since those weights are free.
            var errors = _pull.AsSpan(start, size).ToArray();
            for (var i = size - 1; i >= 0; i--)
            {
                var row = factor.Row(start + i)[start..];
                errors[i] /= -row[i];
                for (var k = 0; k < i; k++)
                {
                    errors[k] += row[k] * errors[i];
                }
            }

            for (var i = 0; i < size; i++)
            {
                errors[i] += Target[start + i];
            }

            return errors;
        }

        /// <summary>Gives a weight its value; all behind its group must have theirs.</summary>
        public void Fix(Cholesky factor, int index, double value)
        {
            var row = factor.Row(index);
            Vectors.AddScaled(_pull.AsSpan(0, index), value - Target[index], row[..index]);
        }
    }
}
