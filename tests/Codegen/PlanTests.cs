using System.Diagnostics;
using CsCheck;
using NUnit.Framework;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Plan;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

[Parallelizable(ParallelScope.All)]
internal sealed class PlanTests
{
    private const int Width = 64;

    [Test]
    public void No_layer_loses_what_a_later_one_reads() => RandomModel.WithLayers(40).Sample(
        builder =>
        {
            var plan = ModelBatch.Plan(Graphs.Import(builder));
            Assert.That(PlanSimulation.FindFault(plan), Is.Null, () => ModelCase.Of(plan.Graph).Describe());
            Assert.That(plan.Arena.Size, Is.AtLeast(plan.Arena.LowerBound).And.AtLeast(Needed(plan)));
            Assert.That(plan.Arena.Offsets.Where(offset => offset >= 0).Select(offset => offset % 4), Is.All.Zero);
        },
        iter: 300);

    [Test]
    public void A_chain_needs_its_two_largest_neighbours()
    {
        var builder = new ModelBuilder();
        var tensor = builder.AddInput([1, 4, 4, 1], 1, 0);
        foreach (var channels in new[] { 8, 2, 4, 1 })
        {
            tensor = builder.Conv2D(tensor, Graphs.Filter(new Dice(new PCG(1, 1)), 1, 1, channels, tensor.Shape[3]), new Result(1, 0));
        }

        var plan = ModelBatch.Plan(Graphs.Import(builder.Output(tensor)));

        // The first layer reads the caller's input and the last writes the caller's output.
        Assert.That(plan.Arena.Size, Is.EqualTo(16 * (8 + 2)));
        Assert.That(plan.Arena.LowerBound, Is.EqualTo(plan.Arena.Size));
    }

    [Test]
    public void A_sum_over_a_dying_tensor_takes_no_memory_of_its_own()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([Width], 1, 0);
        var first = builder.Add(input, input, new Result(1, 0));
        var second = builder.Add(first, input, new Result(1, 0));
        var third = builder.Softmax(second);
        var plan = ModelBatch.Plan(Graphs.Import(builder.Output(builder.Add(third, input, new Result(1, 0)))));

        Assert.That(plan.Arena.Size, Is.EqualTo(Width));
    }

    /// <summary>The scratch of such a layer is mostly padding, and its size no 32-bit number.</summary>
    [Test]
    public void A_depthwise_convolution_that_reaches_far_beyond_its_input_is_refused()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 10, 10, 1], 1, 0);
        var graph = Graphs.Import(builder.Output(builder.DepthwiseConv2D(
            input, Graphs.Filter(new Dice(new PCG(1, 1)), 3, 3, 1, 9), new Result(1, 0), new Steps(PaddingKind.Same, 1, 1, 1 << 22, 1 << 22))));
        var diagnostics = new DiagnosticBag();

        Assert.That(Planner.Plan(graph, diagnostics), Is.Null);
        Assert.That(diagnostics.ToImmutable().Select(diagnostic => diagnostic.Descriptor.Id), Is.EqualTo(new[] { "PQS0401" }));
    }

    [Test]
    public void A_model_without_a_tensor_of_its_own_has_the_smallest_arena()
    {
        var builder = new ModelBuilder();
        var plan = ModelBatch.Plan(Graphs.Import(builder.Output(builder.Softmax(builder.AddInput([Width], 1, 0)))));

        Assert.That((plan.Arena.Size, plan.Arena.LowerBound), Is.EqualTo((4, 4)));
    }

    /// <summary>The largest graphs that a model may hold: one tensor live at a time, and nearly all of them.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void The_largest_graphs_are_planned_and_written_in_seconds(bool isChain)
    {
        var watch = Stopwatch.StartNew();
        var plan = ModelBatch.Plan(isChain ? Chain(4000) : Fan(2000));
        Assert.That(plan.Arena.Size, Is.EqualTo(isChain ? Width : Width * 2000));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(20)), "planning");
        Assert.That(CodeEmitter.Emit(plan, "large", null), Is.Not.Empty);
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(40)), "planning and writing");
    }

    /// <summary>Bytes of the tensors that a step reads and writes in the arena, each memory counted once: no plan can do with less.</summary>
    private static int Needed(ExecutionPlan plan) => plan.Steps.Max(step => step.Node.Inputs.Append(step.Node.Output)
        .Select(tensor => plan.Assignment.OfTensor[tensor]).Distinct()
        .Where(buffer => plan.Arena.Offsets[buffer] >= 0).Sum(buffer => plan.Assignment.Buffers[buffer].Size));

    /// <summary>Each layer adds the input to the result before.</summary>
    private static Graph Chain(int length) => Sums(
        length + 1,
        [.. Enumerable.Range(0, length).Select(i => Sum(i, 0, i + 1))],
        length);

    /// <summary>Many sums of the input with itself, which are then added up.</summary>
    private static Graph Fan(int branches) => Sums(
        2 * branches,
        [
            .. Enumerable.Range(0, branches).Select(i => Sum(0, 0, i + 1)),
            .. Enumerable.Range(0, branches - 1).Select(i => Sum(i == 0 ? 1 : branches + i, i + 2, branches + 1 + i)),
        ],
        (2 * branches) - 1);

    private static Node Sum(int first, int second, int output) => new(
        "node ADD",
        new Add(new Requantization(1 << 30, 0), new Requantization(1 << 30, 0), new Requantization(1 << 30, -18), OutputRange.Full),
        [first, second],
        output);

    private static Graph Sums(int tensors, Node[] nodes, int output) => new(
        "sums",
        new string('0', 64),
        [.. Enumerable.Range(0, tensors).Select(i => new Tensor($"t{i}", new Shape(Width), new Quantization(1, 0), i))],
        [.. nodes],
        [0],
        [output]);
}
