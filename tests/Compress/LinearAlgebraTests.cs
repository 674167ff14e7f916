using NUnit.Framework;
using Pqs.Compress.LinearAlgebra;
using Pqs.Compress.Reconstruction;

namespace Pqs.Tests.Compress;

/// <summary>Factors, solutions and sums against their definitions.</summary>
internal sealed class LinearAlgebraTests
{
    [Test]
    public void A_factor_times_its_transpose_is_the_matrix([Values(1, 2, 7, 8, 33)] int size)
    {
        var matrix = new RandomProblem(size, 1, size).Problem(isCentred: true).Hessian;
        var factor = Cholesky.Factor(matrix)!;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                Assert.That(RandomProblem.Dot(factor.Row(i)[..(j + 1)], factor.Row(j)), Is.EqualTo(matrix[i, j]).Within(1e-9 * matrix[i, i]));
            }
        }
    }

    [Test]
    public void A_solution_solves([Values(1, 5, 40)] int size)
    {
        var problem = new RandomProblem(size, 1, size);
        var matrix = problem.Problem(isCentred: false).Hessian;
        var right = problem.Weights.Row(0).ToArray();
        var factor = Cholesky.Factor(matrix)!;
        Assert.That(matrix.Times(factor.Solve(right)), Is.EqualTo(right).Within(1e-8));

        var x = right.ToArray();
        factor.SolveTransposed(x);
        for (var column = 0; column < size; column++)
        {
            var sum = Enumerable.Range(column, size - column).Sum(row => factor.Row(row)[column] * x[row]);
            Assert.That(sum, Is.EqualTo(right[column]).Within(1e-8));
        }
    }

    [Test]
    public void A_matrix_that_is_not_positive_definite_has_no_factor()
    {
        var matrix = new Matrix(2, 2) { [0, 0] = 1, [0, 1] = 2, [1, 0] = 2, [1, 1] = 1 };
        Assert.That(Cholesky.Factor(matrix), Is.Null);
    }

    [Test]
    public void Moments_are_sums_of_products([Values(1, 3, 8, 9, 31, 70)] int columns, [Values] bool isSymmetric)
    {
        // More rows than a batch, in pieces; small integers, so that every order of additions gives the same.
        var random = new Random(columns);
        var first = Enumerable.Range(0, 300 * columns).Select(_ => (float)random.Next(-5, 6)).ToArray();
        var second = isSymmetric ? first : [.. first.Select(_ => (float)random.Next(-5, 6))];
        var accumulator = new MomentAccumulator(columns, isSymmetric);
        foreach (var (start, end) in ((int, int)[])[(0, 1), (1, 200), (200, 300)])
        {
            accumulator.Add(first.AsSpan((start * columns)..(end * columns)), second.AsSpan((start * columns)..(end * columns)));
        }

        var sums = accumulator.ToMatrix();
        for (var i = 0; i < columns; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                Assert.That(sums[i, j], Is.EqualTo(Enumerable.Range(0, 300).Sum(row => first[(row * columns) + i] * (double)second[(row * columns) + j])));
            }
        }
    }
}
