namespace Pqs.Compress.Quantizing;

/// <summary>How the range of an activation tensor follows from its values.</summary>
public enum ActivationMethod
{
    /// <summary>All values are in it.</summary>
    MinMax,

    /// <summary>All but a ten-thousandth of the values on each side are in it.</summary>
    Percentile,

    /// <summary>The one with the least squared error of rounding and clipping together.</summary>
    LeastSquares,
}
