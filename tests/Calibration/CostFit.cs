using System.Collections.Immutable;
using System.Globalization;
using Pqs.Codegen.Plan;

namespace Pqs.Tests.Calibration;

/// <summary>What a kernel takes, fitted to what was measured.</summary>
/// <param name="Costs">Instructions by unit.</param>
/// <param name="Errors">By measured layer: the part by which the prediction is off.</param>
internal sealed record CostFit(ImmutableArray<(string Unit, double Cost)> Costs, ImmutableArray<double> Errors)
{
    /// <summary>Costs below are what is left of a descent towards 0.</summary>
    private const double Least = 0.001;

    public static CostFit Of(List<(KernelWork Work, double Instructions)> measured)
    {
        string[] units = [.. measured.SelectMany(layer => layer.Work.Counts).Select(count => count.Unit).Distinct()];
        var rows = measured.Select(layer => Array.ConvertAll(units, unit => layer.Work.Counts.Where(count => count.Unit == unit).Sum(count => count.Count))).ToArray();
        var factors = NonNegativeFit.Solve(rows, [.. measured.Select(layer => layer.Instructions)]);
        var fit = new CostFit([.. units.Zip(factors).Where(entry => entry.Second >= Least)], []);
        return fit with { Errors = [.. measured.Select(layer => Math.Abs((fit.Predict(layer.Work) / layer.Instructions) - 1))] };
    }

    /// <summary>The instructions that the costs predict.</summary>
    public double Predict(KernelWork work) => work.Counts.Sum(count => count.Count * Costs.Where(cost => cost.Unit == count.Unit).Sum(cost => cost.Cost));

    public string Json() =>
        string.Join(", ", Costs.Select(entry => string.Create(CultureInfo.InvariantCulture, $"\"{entry.Unit}\": {entry.Cost:G4}")));
}
