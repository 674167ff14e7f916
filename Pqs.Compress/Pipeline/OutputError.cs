namespace Pqs.Compress.Pipeline;

/// <summary>How far a tensor of the compressed network is from the original one.</summary>
internal static class OutputError
{
    /// <summary>The sum of squared differences as a part of the sum of squared deviations from the mean; 0 for a constant tensor without differences.</summary>
    public static double Relative(TensorValues values)
    {
        var (scale, zeroPoint) = values.Grid.Quantization;
        var sums = new (double Sum, double Squares, double Errors)[values.Reference.Length];
        Parallel.For(0, sums.Length, sample =>
        {
            var (reference, compressed) = (values.Reference[sample], values.Compressed[sample]);
            var (sum, squares, errors) = (0.0, 0.0, 0.0);
            for (var i = 0; i < reference.Length; i++)
            {
                double value = reference[i];
                var error = value - ((compressed[i] - zeroPoint) * (double)scale);
                sum += value;
                squares += value * value;
                errors += error * error;
            }

            sums[sample] = (sum, squares, errors);
        });

        var count = values.Reference.Sum(sample => (double)sample.Length);
        var total = sums.Sum(part => part.Sum);
        var deviation = sums.Sum(part => part.Squares) - (total * total / count);
        var error = sums.Sum(part => part.Errors);
        return error == 0 ? 0 : error / Math.Max(deviation, 1e-30);
    }
}
