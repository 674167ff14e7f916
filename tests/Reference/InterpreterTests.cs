using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.TfLite;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Reference;

internal sealed class InterpreterTests
{
    [Test]
    public void Random_models_give_what_the_naive_interpreter_gives() => Property.Holds(RandomModel.WithLayers(6), 300, builder =>
    {
        var graph = Import(builder);
        AssertAgree(graph, Sample(graph, 1));
    });

    [Test]
    public void Narrow_accumulators_and_single_rounding_give_what_the_naive_interpreter_gives() =>
        Property.Holds(Gen.Select(RandomModel.WithLayers(6), Gen.Int[8, 32]), 300, pair =>
        {
            var graph = Narrow(Import(pair.Item1), pair.Item2);
            var diagnostics = new DiagnosticBag();
            Assert.That(GraphVerifier.Verify(graph, diagnostics), Is.True, string.Join('\n', diagnostics.ToImmutable()));
            AssertAgree(graph, Sample(graph, 2));
        });

    /// <summary>3 taps, stride 2, 4 columns, SAME: nothing is padded in front and one behind, so the windows begin at 0 and 2.</summary>
    [Test]
    public void Same_padding_of_even_sizes_is_behind()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 1, 4, 1], 1, 0);
        builder.Output(builder.Conv2D(
            input, new Filter(1, 3, 1, [1, 10, 100], [1f]), new Result(1, 0), new Steps(PaddingKind.Same, StrideWidth: 2)));
        Assert.That(Run(builder, [1, 0, 0, 1]), Is.EqualTo(new sbyte[] { 1, 10 }));
        Assert.That(Run(builder, [0, 0, 1, 0]), Is.EqualTo(new sbyte[] { 100, 1 }));
    }

    [TestCase(new sbyte[] { -1, -2 }, -2)]
    [TestCase(new sbyte[] { 1, 2 }, 2)]
    [TestCase(new sbyte[] { -1, 0 }, -1)]
    [TestCase(new sbyte[] { 1, 0 }, 1)]
    [TestCase(new sbyte[] { -128, -128 }, -128)]
    [TestCase(new sbyte[] { -128, -127 }, -128)]
    [TestCase(new sbyte[] { 1, 0, 0 }, 0)]
    [TestCase(new sbyte[] { -1, -1, 0 }, -1)]
    [TestCase(new sbyte[] { 127, 127, 126 }, 127)]
    public void A_mean_rounds_halves_away_from_zero(sbyte[] row, int expected)
    {
        var builder = new ModelBuilder();
        builder.Output(builder.AveragePool2D(builder.AddInput([1, 1, row.Length, 1], 1, 5), 1, row.Length));
        Assert.That(Run(builder, row), Is.EqualTo(new[] { (sbyte)expected }));
    }

    /// <summary>The mean of what is inside, not of what is inside and zeros.</summary>
    [Test]
    public void Padding_takes_no_part_in_pooling()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 1, 3, 1], 1, 0);
        var steps = new Steps(PaddingKind.Same);
        builder.Output(builder.AveragePool2D(input, 3, 3, steps), builder.MaxPool2D(input, 3, 3, steps));
        Assert.That(Run(builder, [-10, -20, -60]), Is.EqualTo(new sbyte[] { -15, -30, -40, -10, -10, -20 }));
    }

    [Test]
    public void Padding_of_a_convolution_is_the_zero_point()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 1, 1, 1], 1, 7);
        builder.Output(builder.Conv2D(input, new Filter(3, 3, 1, [1, 1, 1, 1, 2, 1, 1, 1, 1], [1f]), new Result(1, 0), new Steps(PaddingKind.Same)));
        Assert.That(Run(builder, [10]), Is.EqualTo(new sbyte[] { 6 }));
    }

    [Test]
    public void Inputs_and_outputs_lie_one_after_another_in_the_files_order()
    {
        var builder = new ModelBuilder();
        var first = builder.AddInput([2], 1, 0);
        var second = builder.AddInput([3], 1, 0);
        var (a, b) = (builder.Reshape(first, [2, 1]), builder.Reshape(second, [3, 1]));
        builder.Output(b, a);
        Assert.That(Run(builder, [1, 2, 3, 4, 5]), Is.EqualTo(new sbyte[] { 3, 4, 5, 1, 2 }));
    }

    internal static Graph Import(ModelBuilder builder)
    {
        var diagnostics = new DiagnosticBag();
        var graph = TfLiteImporter.Import(builder.Build(), "net.tflite", "net", diagnostics);
        Assert.That(diagnostics.ToImmutable().Select(d => d.ToString()), Is.Empty);
        return graph!;
    }

    /// <summary>Bytes of all values, the ends more often than the rest.</summary>
    private static sbyte[] Sample(Graph graph, uint seed)
    {
        var dice = new Dice(new PCG(9, seed));
        return [.. Enumerable.Range(0, graph.InputBytes).Select(_ => dice.Chance(80) ? dice.SByte() : dice.Pick<sbyte>(-128, 127))];
    }

    private static sbyte[] Run(ModelBuilder builder, sbyte[] sample)
    {
        var graph = Import(builder);
        return Interpreter.Outputs(graph, Interpreter.Run(graph, sample));
    }

    private static void AssertAgree(Graph graph, sbyte[] sample)
    {
        var actual = Interpreter.Run(graph, sample);
        var expected = NaiveInterpreter.Run(graph, sample);
        foreach (var node in graph.Nodes)
        {
            Assert.That(actual[node.Output], Is.EqualTo(expected[node.Output]), node.Origin);
        }
    }

    private static Graph Narrow(Graph graph, int bits) => graph with
    {
        Nodes =
        [
            .. graph.Nodes.Select(node => node.Operator is DotProductOperator dot
                ? node with { Operator = dot with { Accumulator = new Accumulator(bits, Schedule.Natural), Rounding = Rounding.Single } }
                : node),
        ],
    };
}
