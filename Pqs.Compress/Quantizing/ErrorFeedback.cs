using Pqs.Compress.LinearAlgebra;
using Pqs.Compress.Reconstruction;

namespace Pqs.Compress.Quantizing;

/// <summary>
/// Rounds a channel's kept weights one after another; those that are not rounded yet make up for the error of each: GPTQ (Frantar et al., arXiv 2210.17323),
/// in its equal form of rounding along the rows of the Cholesky factor, which needs no inverse (LDLQ of QuIP, arXiv 2307.13304; Babai's nearest plane).
/// </summary>
public static class ErrorFeedback
{
    /// <param name="target">The channel.</param>
    /// <param name="scale">What an integer of 1 stands for; positive.</param>
    /// <param name="grid">The integers.</param>
    /// <param name="integers">Receives the weights, in the order of the target.</param>
    /// <returns>The squared error (<see cref="ChannelTarget.Error"/>).</returns>
    public static double Round(ChannelTarget target, double scale, WeightGrid grid, Span<int> integers)
    {
        // With e the errors: the squared error is Σ_i (L_ii · e_i + pull_i)², pull_i = Σ L_ji · e_j over those j > i, which are rounded before i.
        var pull = new double[integers.Length];
        var total = 0.0;
        for (var i = integers.Length - 1; i >= 0; i--)
        {
            var row = target.Factor.Row(i);
            var wanted = target.Values[i] - (pull[i] / row[i]);
            integers[i] = grid.Nearest(wanted / scale);
            var rounded = integers[i] * scale;
            var miss = row[i] * (rounded - wanted);
            total += miss * miss;
            Vectors.AddScaled(pull.AsSpan(0, i), rounded - target.Values[i], row[..i]);
        }

        return total;
    }
}
