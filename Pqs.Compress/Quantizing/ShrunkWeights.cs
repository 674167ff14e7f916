using Pqs.Compress.LinearAlgebra;
using Pqs.Compress.Reconstruction;

namespace Pqs.Compress.Quantizing;

/// <summary>
/// Real weights with a smaller sum of magnitudes, each the best for its sum: the least of (w − t)^T H (w − t) + 2 μ Σ |w_i| for falling μ, by cyclic coordinate
/// descent from one to the next (Friedman, Hastie, Tibshirani, Regularization Paths for Generalized Linear Models via Coordinate Descent, 2010).
/// </summary>
internal static class ShrunkWeights
{
    private const int Steps = 14;

    private const double Factor = 0.6;

    private const int MaximumSweeps = 12;

    private const double Tolerance = 1e-3;

    /// <summary>Weights from nearly none to nearly the target's own, in the target's order; each array is another one.</summary>
    public static IEnumerable<double[]> Path(ChannelTarget target)
    {
        var weights = new double[target.Values.Length];
        var gradient = target.Hessian.Times(Array.ConvertAll(target.Values, value => -value));
        var penalty = gradient.Max(Math.Abs);
        for (var step = 0; step < Steps; step++)
        {
            penalty *= Factor;
            Descend(target.Hessian, weights, gradient, penalty);
            yield return [.. weights];
        }
    }

    /// <param name="gradient">H · (w − t), kept up to date.</param>
    private static void Descend(Matrix hessian, double[] weights, double[] gradient, double penalty)
    {
        for (var sweep = 0; sweep < MaximumSweeps; sweep++)
        {
            var largest = 0.0;
            for (var i = 0; i < weights.Length; i++)
            {
                var curvature = hessian[i, i];
                var wanted = (curvature * weights[i]) - gradient[i];
                var next = Math.Sign(wanted) * Math.Max(Math.Abs(wanted) - penalty, 0) / curvature;
                var change = next - weights[i];
                if (change != 0)
                {
                    Vectors.AddScaled(gradient, change, hessian.Row(i));
                    weights[i] = next;
                    largest = Math.Max(largest, Math.Abs(change) * curvature);
                }
            }

            if (largest < Tolerance * penalty)
            {
                break;
            }
        }
    }
}
