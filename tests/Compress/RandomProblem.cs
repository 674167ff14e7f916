using Pqs.Compress.LinearAlgebra;
using Pqs.Compress.Reconstruction;

namespace Pqs.Tests.Compress;

/// <summary>A small layer with correlated inputs of its own and of the original network, as calibration data would give them.</summary>
internal sealed class RandomProblem
{
    private readonly Random _random;

    public RandomProblem(int seed, int channels, int products, int rows = 200, double difference = 0)
    {
        _random = new Random(seed);
        Weights = Fill(channels, products);
        var mixing = Fill(products, products);
        Reference = new Matrix(rows, products);
        Compressed = new Matrix(rows, products);
        for (var row = 0; row < rows; row++)
        {
            var source = Enumerable.Range(0, products).Select(_ => Math.Max(0, Normal() + 0.5)).ToArray();
            mixing.Times(source).CopyTo(Reference.Row(row));
            for (var k = 0; k < products; k++)
            {
                Compressed[row, k] = Reference[row, k] + (difference * Normal());
            }
        }
    }

    /// <summary>A row for each channel.</summary>
    public Matrix Weights { get; }

    public Matrix Reference { get; }

    public Matrix Compressed { get; }

    public LayerProblem Problem(bool isCentred)
    {
        var second = Sums(Compressed, Compressed);
        return LayerProblem.Create(
            second,
            ReferenceEquals(Reference, Compressed) ? second : Sums(Compressed, Reference),
            ColumnSums(Compressed),
            ColumnSums(Reference),
            Reference.Rows,
            isCentred);
    }

    /// <summary>The mean squared difference of the outputs on the data, damping included as if it were data.</summary>
    public double OutputError(int channel, double[] weights, double bias, double damping)
    {
        var error = 0.0;
        for (var row = 0; row < Reference.Rows; row++)
        {
            var difference = Dot(Weights.Row(channel), Reference.Row(row)) - Dot(weights, Compressed.Row(row)) - bias;
            error += difference * difference;
        }

        error /= Reference.Rows;
        for (var k = 0; k < weights.Length; k++)
        {
            error += damping * (weights[k] - Weights[channel, k]) * (weights[k] - Weights[channel, k]);
        }

        return error;
    }

    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static Matrix Sums(Matrix first, Matrix second)
    {
        var sums = new Matrix(first.Columns, second.Columns);
        for (var row = 0; row < first.Rows; row++)
        {
            for (var i = 0; i < first.Columns; i++)
            {
                for (var j = 0; j < second.Columns; j++)
                {
                    sums[i, j] += first[row, i] * second[row, j];
                }
            }
        }

        return sums;
    }

    private static double[] ColumnSums(Matrix matrix) =>
        [.. Enumerable.Range(0, matrix.Columns).Select(column => Enumerable.Range(0, matrix.Rows).Sum(row => matrix[row, column]))];

    private Matrix Fill(int rows, int columns)
    {
        var matrix = new Matrix(rows, columns);
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                matrix[i, j] = Normal();
            }
        }

        return matrix;
    }
}
