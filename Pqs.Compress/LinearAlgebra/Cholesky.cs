namespace Pqs.Compress.LinearAlgebra;

/// <summary>The factor L of a symmetric positive definite matrix: H = L · L^T, L lower triangular with a positive diagonal.</summary>
public sealed class Cholesky
{
    private readonly Matrix _lower;

    private Cholesky(Matrix lower) => _lower = lower;

    public int Size => _lower.Rows;

    /// <summary>Row i of L: elements 0..i; the diagonal is the last.</summary>
    public ReadOnlySpan<double> Row(int row) => _lower.Row(row)[..(row + 1)];

    /// <summary>The factor; null where the matrix is not positive definite in double precision. Only the lower triangle is read.</summary>
    public static Cholesky? Factor(Matrix matrix)
    {
        var lower = new Matrix(matrix.Rows, matrix.Rows);
        for (var i = 0; i < matrix.Rows; i++)
        {
            var source = matrix.Row(i);
            var row = lower.Row(i);
            for (var j = 0; j < i; j++)
            {
                var other = lower.Row(j);
                row[j] = (source[j] - Vectors.Dot(row[..j], other[..j])) / other[j];
            }

            var pivot = source[i] - Vectors.Dot(row[..i], row[..i]);
            if (!(pivot > 0))
            {
                return null;
            }

            row[i] = Math.Sqrt(pivot);
        }

        return new Cholesky(lower);
    }

    /// <summary>The x of H · x = b.</summary>
    public double[] Solve(ReadOnlySpan<double> b)
    {
        var x = b.ToArray();
        for (var i = 0; i < Size; i++)
        {
            var row = Row(i);
            x[i] = (x[i] - Vectors.Dot(row[..i], x.AsSpan(0, i))) / row[i];
        }

        SolveTransposed(x);
        return x;
    }

    /// <summary>The x of L^T · x = b, in place of b, which may be shorter than L: then with the leading part of L.</summary>
    public void SolveTransposed(Span<double> b)
    {
        for (var i = b.Length - 1; i >= 0; i--)
        {
            var row = Row(i);
            b[i] /= row[i];
            Vectors.AddScaled(b[..i], -b[i], row[..i]);
        }
    }
}
