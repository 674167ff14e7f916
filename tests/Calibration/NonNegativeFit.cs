namespace Pqs.Tests.Calibration;

/// <summary>Least squares with factors of at least 0.</summary>
internal static class NonNegativeFit
{
    private const int Rounds = 20_000;

    /// <summary>
    /// Factors c that make Σ ((Σ a·c − y) / y)² small, by descending one coordinate after another: relative, so that small layers count as much as large ones.
    /// </summary>
    /// <param name="rows">By observation: the counts a.</param>
    /// <param name="observed">What was measured: y, above 0.</param>
    public static double[] Solve(double[][] rows, double[] observed)
    {
        var units = rows[0].Length;
        var scaled = rows.Zip(observed, (row, y) => Array.ConvertAll(row, count => count / y)).ToArray();
        var gram = new double[units, units];
        var target = new double[units];
        foreach (var row in scaled)
        {
            for (var i = 0; i < units; i++)
            {
                target[i] += row[i];
                for (var j = 0; j < units; j++)
                {
                    gram[i, j] += row[i] * row[j];
                }
            }
        }

        var factors = new double[units];
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < units; i++)
            {
                var others = Enumerable.Range(0, units).Where(j => j != i).Sum(j => gram[i, j] * factors[j]);
                factors[i] = gram[i, i] > 0 ? Math.Max(0, (target[i] - others) / gram[i, i]) : 0;
            }
        }

        return factors;
    }
}
