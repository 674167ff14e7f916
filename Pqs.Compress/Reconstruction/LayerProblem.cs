using Pqs.Compress.LinearAlgebra;

namespace Pqs.Compress.Reconstruction;

/// <summary>
/// What a layer's weights are to reproduce: with inputs x of the original network and x̂ of the compressed one, both at the same positions of the calibration
/// data, ŵ · x̂ + b̂ is to be near w · x + b. The squared error is, up to a constant that no choice changes, (ŵ − t)^T H (ŵ − t) with H · t = r: H is the second
/// moment of x̂ and r that of x̂ with w · x. (With x̂ = x, t is w, and H, but for a factor of 2, the Hessian of Optimal Brain Surgeon and of its successors:
/// Frantar and Alistarh, arXiv 2208.11580 and 2301.00774. An x̂ of the compressed network lets a layer make up for the errors before it.)
/// <para>
/// With centred moments, b̂ is free and takes the difference of the means: the bias correction of Nagel et al., arXiv 1906.04721, with means from data.
/// </para>
/// </summary>
public sealed class LayerProblem
{
    /// <summary>Added to the diagonal of H, as a part of its mean: GPTQ's 1%. It holds weights of inputs that never vary where they are.</summary>
    private const double RelativeDamping = 0.01;

    private readonly Matrix _cross;
    private readonly double[] _referenceMean;
    private readonly double[] _compressedMean;
    private readonly bool _isCentred;

    private LayerProblem(Matrix hessian, Matrix cross, double damping, double[] referenceMean, double[] compressedMean, bool isCentred) =>
        (Hessian, _cross, Damping, _referenceMean, _compressedMean, _isCentred) = (hessian, cross, damping, referenceMean, compressedMean, isCentred);

    /// <summary>H, damped: K×K.</summary>
    public Matrix Hessian { get; }

    /// <summary>What was added to its diagonal.</summary>
    public double Damping { get; }

    /// <summary>K.</summary>
    public int Products => Hessian.Rows;

    /// <summary>r for a channel with these weights.</summary>
    public double[] RightSide(ReadOnlySpan<double> weights)
    {
        var right = _cross.Times(weights);
        Vectors.AddScaled(right, Damping, weights);
        return right;
    }

    /// <summary>The bias that goes with compressed weights.</summary>
    public double Bias(double bias, ReadOnlySpan<double> weights, ReadOnlySpan<double> compressed) =>
        _isCentred ? bias + Vectors.Dot(weights, _referenceMean) - Vectors.Dot(compressed, _compressedMean) : bias;

    /// <param name="second">Σ x̂ · x̂^T over the rows.</param>
    /// <param name="cross">Σ x̂ · x^T; the same matrix where x̂ = x.</param>
    /// <param name="compressedSum">Σ x̂.</param>
    /// <param name="referenceSum">Σ x.</param>
    /// <param name="rows">Their number, at least 1.</param>
    /// <param name="isCentred">True where the bias may change.</param>
    public static LayerProblem Create(Matrix second, Matrix cross, double[] compressedSum, double[] referenceSum, long rows, bool isCentred)
    {
        var compressedMean = Array.ConvertAll(compressedSum, sum => sum / rows);
        var referenceMean = Array.ConvertAll(referenceSum, sum => sum / rows);
        var hessian = Moment(second, compressedMean, compressedMean, rows, isCentred);
        var crossMoment = second == cross ? Moment(second, compressedMean, compressedMean, rows, isCentred) : Moment(cross, compressedMean, referenceMean, rows, isCentred);
        var mean = Enumerable.Range(0, hessian.Rows).Sum(i => hessian[i, i]) / hessian.Rows;
        var damping = mean > 0 ? RelativeDamping * mean : 1;
        for (var i = 0; i < hessian.Rows; i++)
        {
            hessian[i, i] += damping;
        }

        return new LayerProblem(hessian, crossMoment, damping, referenceMean, compressedMean, isCentred);
    }

    private static Matrix Moment(Matrix sums, double[] rowMean, double[] columnMean, long rows, bool isCentred)
    {
        var moment = new Matrix(sums.Rows, sums.Columns);
        for (var i = 0; i < sums.Rows; i++)
        {
            for (var j = 0; j < sums.Columns; j++)
            {
                moment[i, j] = (sums[i, j] / rows) - (isCentred ? rowMean[i] * columnMean[j] : 0);
            }
        }

        return moment;
    }
}
