namespace Pqs.Compress.LinearAlgebra;

/// <summary>A matrix of doubles, row after row.</summary>
public sealed class Matrix(int rows, int columns)
{
    private readonly double[] _elements = new double[checked(rows * columns)];

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public double this[int row, int column]
    {
        get => _elements[(row * Columns) + column];
        set => _elements[(row * Columns) + column] = value;
    }

    public Span<double> Row(int row) => _elements.AsSpan(row * Columns, Columns);

    /// <summary>The rows and columns with these indices, in this order.</summary>
    public Matrix Principal(ReadOnlySpan<int> indices)
    {
        var part = new Matrix(indices.Length, indices.Length);
        for (var i = 0; i < indices.Length; i++)
        {
            var source = Row(indices[i]);
            var target = part.Row(i);
            for (var j = 0; j < target.Length; j++)
            {
                target[j] = source[indices[j]];
            }
        }

        return part;
    }

    /// <summary>This matrix times a vector.</summary>
    public double[] Times(ReadOnlySpan<double> vector)
    {
        var product = new double[Rows];
        for (var row = 0; row < Rows; row++)
        {
            product[row] = Vectors.Dot(Row(row), vector);
        }

        return product;
    }

    /// <summary>x^T · this · x for a square matrix.</summary>
    public double Quadratic(ReadOnlySpan<double> vector) => Vectors.Dot(vector, Times(vector));
}
