using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Tests.Bench;

namespace Pqs.Tests.Codegen;

/// <summary>Which kernel the costs of a target choose.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class KernelChoiceTests
{
    private const string Dense = "fully_connected";
    private const string Pruned = "fully_connected_sparse";

    [TestCase(PlanObjective.Balanced, 2.9, "pqs_fully_connected_sparse_single")]
    [TestCase(PlanObjective.Balanced, 3.1, "pqs_fully_connected_single")]
    [TestCase(PlanObjective.Ram, 2.9, "pqs_fully_connected_sparse_single")]
    [TestCase(PlanObjective.Speed, 1.1, "pqs_fully_connected_single")]
    [TestCase(PlanObjective.Speed, 0.9, "pqs_fully_connected_sparse_single")]
    [TestCase(PlanObjective.Size, 100, "pqs_fully_connected_sparse_single")]
    public void Pruned_weights_may_take_so_many_instructions(PlanObjective objective, double times, string function)
    {
        var step = Plan(PrunedMatrix(), objective, Costs((Dense, 100), (Pruned, 100 * times))).Steps.Single();

        Assert.That(step.Call!.Function, Is.EqualTo(function));
        Assert.That(step.Instructions, Is.EqualTo(function.Contains("sparse", StringComparison.Ordinal) ? 100 * times : 100).Within(1e-9));
        Assert.That(step.Alternatives.Select(other => other.Function).ToArray(), Has.Length.EqualTo(1).And.None.EqualTo(function));
    }

    [Test]
    public void A_kernel_without_costs_is_not_for_the_target_unless_there_is_no_other()
    {
        Assert.That(Function(Costs((Dense, 100))), Is.EqualTo("pqs_fully_connected_single"));
        Assert.That(Function(Costs(("add", 1))), Is.EqualTo("pqs_fully_connected_pairs_single"));
        Assert.That(Function(CostTable.None), Is.EqualTo("pqs_fully_connected_pairs_single"));

        static string Function(CostTable costs) => Plan(PrunedMatrix(), PlanObjective.Balanced, costs).Steps.Single().Call!.Function;
    }

    /// <summary>A hundredth of the instructions is worth 1024 bytes: of kernels for one layer, the one with less code is taken where it costs little time.</summary>
    [TestCase(PlanObjective.Balanced, 101, 3000 + 1024 + 100, "pqs_conv2d_pairs_single")]
    [TestCase(PlanObjective.Balanced, 101, 3000 + 1024 - 100, "pqs_conv2d_packed_single")]
    [TestCase(PlanObjective.Balanced, 104, (4 * 1024) + 3000 - 100, "pqs_conv2d_packed_single")]
    [TestCase(PlanObjective.Speed, 101, 9000, "pqs_conv2d_packed_single")]
    public void Code_that_saves_little_is_given_up(PlanObjective objective, double callOfPairs, double codeOfLanes, string function)
    {
        var costs = CodeCosts(("conv2d_packed", 100, codeOfLanes), ("conv2d_pairs", callOfPairs, 3000));
        Assert.That(Plan(PrunedConvolutions(8), objective, costs).Steps.Single().Call!.Function, Is.EqualTo(function));
    }

    /// <summary>Pairs store two weights of a group that keeps one: less code does not make up for that many bytes of tables.</summary>
    [Test]
    public void Tables_count_as_code_does()
    {
        var layer = new LayerShape("", LayerKind.Convolution, new(1, 8, 8, 64), 64, 3, ImmutableDictionary<string, double>.Empty);
        var graph = new LayerWeights("1:4, 6 bits", 6, 1, 4, 1).Network([layer]);
        var costs = CodeCosts(("conv2d_packed", 100, 8000), ("conv2d_pairs", 100.5, 3000));
        var diagnostics = new DiagnosticBag();
        var plan = Planner.Plan(graph, diagnostics, new PlanOptions(PlanObjective.Balanced, RamLimit: 1 << 20), costs)!;

        var step = plan.Steps.Single();
        Assert.That(step.Call!.Function, Is.EqualTo("pqs_conv2d_packed_single"));
        Assert.That(step.Alternatives.Single().TableBytes, Is.GreaterThan(step.Call.TableBytes + 5000));
    }

    /// <summary>Three input channels are no group of four, so pairs cannot compute the second layer.</summary>
    [TestCase(99, new[] { "pqs_conv2d_packed_single", "pqs_conv2d_packed_single" })]
    [TestCase(50, new[] { "pqs_conv2d_pairs_single", "pqs_conv2d_packed_single" })]
    public void Code_that_a_model_needs_anyway_costs_nothing_more(double callOfPairs, string[] functions)
    {
        var costs = CodeCosts(("conv2d_packed", 100, 5000), ("conv2d_pairs", callOfPairs, 3000));
        Assert.That(Plan(PrunedConvolutions(8, 3), PlanObjective.Balanced, costs).Steps.Select(step => step.Call!.Function), Is.EqualTo(functions));
    }

    /// <summary>Every kernel that a target's costs name is one of a plan, and every kernel of a plan has costs.</summary>
    [TestCase("cortex-m0")]
    [TestCase("cortex-m0plus")]
    [TestCase("cortex-m3")]
    [TestCase("cortex-m4")]
    [TestCase("cortex-m7")]
    [TestCase("cortex-m33")]
    [TestCase("cortex-m55")]
    [TestCase("host")]
    public void Targets_have_costs_of_what_they_run(string name)
    {
        var costs = TargetCatalog.Load(Installation.TargetsFolder, name, new DiagnosticBag())!.Costs;
        var plan = Plan(Graphs.Import(EveryLayer.Create()), PlanObjective.Balanced, costs);
        Assert.That(plan.Steps.Where(step => step.Call != null && step.Instructions is null or <= 0).Select(step => step.Call!.Function), Is.Empty);
    }

    private static Graph PrunedMatrix() =>
        new LayerWeights("2:4, 6 bits", 6, 2, 4, 1).Network([new("", LayerKind.Matrix, new(1, 64), 16, 0, ImmutableDictionary<string, double>.Empty)]);

    private static Graph PrunedConvolutions(params int[] inputChannels) => new LayerWeights("2:4, 6 bits", 6, 2, 4, 1).Network(
        [.. inputChannels.Select(channels => new LayerShape("", LayerKind.Convolution, new(1, 8, 8, channels), 4, 3, ImmutableDictionary<string, double>.Empty))]);

    private static CostTable CodeCosts(params (string Kernel, double Call, double Code)[] costs) => new(costs.ToImmutableSortedDictionary(
        cost => cost.Kernel,
        cost => ImmutableSortedDictionary<string, double>.Empty.Add("call", cost.Call).Add(CostTable.CodeUnit, cost.Code),
        StringComparer.Ordinal));

    private static CostTable Costs(params (string Kernel, double Call)[] costs) => new(costs.ToImmutableSortedDictionary(
        cost => cost.Kernel, cost => ImmutableSortedDictionary<string, double>.Empty.Add("call", cost.Call), StringComparer.Ordinal));

    private static ExecutionPlan Plan(Graph graph, PlanObjective objective, CostTable costs)
    {
        var diagnostics = new DiagnosticBag();
        return Planner.Plan(graph, diagnostics, new PlanOptions(objective), costs)!;
    }
}
