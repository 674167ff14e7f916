using NUnit.Framework;
using Pqs.Codegen.Plan;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Tests.TfLite;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>What a user asks of a plan: objective and RAM limit.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class PlanOptionsTests
{
    [Test]
    public void A_limit_is_kept_to_the_byte([Range(0u, 12u)] uint number)
    {
        var graph = Network(number);
        var smallest = Plan(graph, PlanObjective.Ram).Arena.Size;
        foreach (var limit in (int[])[smallest, smallest + 4, smallest * 3 / 2, smallest * 4, int.MaxValue])
        {
            var plan = Plan(graph, PlanObjective.Speed, limit);
            Assert.That(plan.Arena.Size, Is.LessThanOrEqualTo(limit));
            Assert.That(PlanSimulation.FindFault(plan), Is.Null);
        }

        foreach (var objective in Enum.GetValues<PlanObjective>())
        {
            var diagnostics = new DiagnosticBag();
            Assert.That(Planner.Plan(graph, diagnostics, new PlanOptions(objective, smallest - 1)), Is.Null);
            var found = diagnostics.ToImmutable().Single();
            Assert.That((found.Descriptor.Id, found.ToString().Contains($"it needs {smallest}", StringComparison.Ordinal)), Is.EqualTo(("PQS0414", true)));
        }
    }

    [Test]
    public void Each_objective_is_best_in_what_it_names([Range(0u, 12u)] uint number)
    {
        var graph = Network(number);
        var (speed, size, ram) = (Plan(graph, PlanObjective.Speed), Plan(graph, PlanObjective.Size), Plan(graph, PlanObjective.Ram));
        Assert.Multiple(() =>
        {
            Assert.That(size.TableBytes, Is.LessThanOrEqualTo(Math.Min(speed.TableBytes, ram.TableBytes)));
            Assert.That(ram.Arena.Size, Is.LessThanOrEqualTo(Math.Min(speed.Arena.Size, size.Arena.Size)));
            Assert.That(PlanSimulation.FindFault(size), Is.Null);
            Assert.That(PlanSimulation.FindFault(ram), Is.Null);
        });
    }

    [Test]
    public void Generated_code_is_right_with_every_objective_and_limit()
    {
        Tools.Require("gcc");
        var cases = Enumerable.Range(0, 6).SelectMany(number =>
        {
            var graph = Network((uint)number);
            return Enum.GetValues<PlanObjective>().Select(objective => new PlanOptions(objective))
                .Append(new PlanOptions(PlanObjective.Speed, 1 << 20))
                .Select(options => ModelCase.Of(graph) with { Options = options });
        });
        ModelBatch.Check("gcc", [.. cases], KernelTier.All);
    }

    [Test]
    public void Memory_below_the_limit_is_used_for_speed()
    {
        var graph = Convolution();
        Assert.That(Function(Plan(graph, PlanObjective.Ram)), Does.StartWith("pqs_conv2d_1x1"));
        Assert.That(Function(Plan(graph, PlanObjective.Speed, 18 * 64)), Does.StartWith("pqs_conv2d_blocks"));
        Assert.That(Function(Plan(graph, PlanObjective.Speed, (18 * 64) - 1)), Does.StartWith("pqs_conv2d_1x1"));
    }

    /// <summary>Where only size matters, neither weights by sign nor dense ones are stored that are larger than others.</summary>
    [Test]
    public void Weights_by_sign_are_not_stored_where_only_size_matters()
    {
        var graph = PrunedNetworks.With(Convolution(), (_, _) => new Accumulator(16, Schedule.Alternating));
        Assert.That(Function(Plan(graph, PlanObjective.Speed)), Is.EqualTo("pqs_conv2d_alternating_partitioned"));
        Assert.That(Function(Plan(graph, PlanObjective.Size)), Is.EqualTo("pqs_conv2d_alternating"));
    }

    private static Graph Convolution()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 2, 2, 64], 1, -128);
        return Graphs.Import(builder.Output(builder.Conv2D(input, Graphs.Filter(new Dice(new CsCheck.PCG(3, 1)), 1, 1, 8, 64), new Result(1, 0))));
    }

    private static Graph Network(uint number) => number % 2 == 0 ? PrunedNetworks.Many(number, 5) : Graphs.Import(EveryLayer.Create());

    private static string Function(ExecutionPlan plan) => plan.Steps[0].Call!.Function;

    private static ExecutionPlan Plan(Graph graph, PlanObjective objective, long? limit = null)
    {
        var diagnostics = new DiagnosticBag();
        var plan = Planner.Plan(graph, diagnostics, new PlanOptions(objective, limit));
        Assert.That(plan, Is.Not.Null, () => string.Join('\n', diagnostics.Lines()));
        return plan!;
    }
}
