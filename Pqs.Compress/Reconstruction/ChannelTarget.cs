using Pqs.Compress.LinearAlgebra;

namespace Pqs.Compress.Reconstruction;

/// <summary>
/// The kept weights of one channel, in the order in which they are rounded (the last first): those that matter most, by the diagonal of H, are rounded first,
/// while all others can still make up for it (the "act-order" of GPTQ, arXiv 2210.17323).
/// </summary>
/// <param name="Support">The product of each.</param>
/// <param name="Hessian">Their part of H.</param>
/// <param name="Factor">Of that.</param>
/// <param name="Values">What they should be, as real numbers.</param>
public sealed record ChannelTarget(int[] Support, Matrix Hessian, Cholesky Factor, double[] Values)
{
    /// <summary>Order, part and factor of a set of kept weights; channels with the same set share it.</summary>
    public static ChannelTarget ForSupport(LayerProblem problem, int[] support)
    {
        var ordered = support.OrderBy(product => problem.Hessian[product, product]).ThenByDescending(product => product).ToArray();
        var part = problem.Hessian.Principal(ordered);
        var factor = Cholesky.Factor(part) ?? throw new InvalidOperationException("A damped second moment is positive definite.");
        return new ChannelTarget(ordered, part, factor, []);
    }

    /// <summary>The least-squares values of a channel's kept weights: they make up for those that are gone.</summary>
    public ChannelTarget LeastSquares(LayerProblem problem, ReadOnlySpan<double> weights)
    {
        var right = problem.RightSide(weights);
        return this with { Values = Factor.Solve(Array.ConvertAll(Support, product => right[product])) };
    }

    /// <summary>The kept weights as they are.</summary>
    public ChannelTarget Unchanged(ReadOnlySpan<double> weights)
    {
        var values = new double[Support.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = weights[Support[i]];
        }

        return this with { Values = values };
    }

    /// <summary>(ŵ − t)^T H (ŵ − t) for weights in the order of <see cref="Support"/>, t being <see cref="Values"/>.</summary>
    public double Error(ReadOnlySpan<double> weights)
    {
        var difference = new double[Values.Length];
        for (var i = 0; i < difference.Length; i++)
        {
            difference[i] = weights[i] - Values[i];
        }

        return Hessian.Quadratic(difference);
    }
}
