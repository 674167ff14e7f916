using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Codegen.Analysis;
using Pqs.Codegen.Passes;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>What becomes of a request for accumulators, and what is proven of a channel.</summary>
internal sealed class AccumulatorRequestTests
{
    /// <summary>Three inputs from 0 up, so x − zx is 0..255; the weights give sums from −255 to 510.</summary>
    private static readonly Graph Matrix = Graphs.Import(Build());

    [Test]
    public void Bounds_follow_from_the_weights_and_the_range()
    {
        var bounds = Bounds(Matrix, TensorRange.Full);
        Assert.That(bounds, Is.EqualTo(new ChannelBounds(-255, 510, -255, 510, 255, 3)));
        Assert.Multiple(() =>
        {
            Assert.That(bounds.BitsForAnyOrder, Is.EqualTo(10));
            Assert.That(bounds.BitsForSortedOrder, Is.EqualTo(10));
            Assert.That(bounds.ProofAt(10), Is.EqualTo(Proof.AnyOrder));
            Assert.That(bounds.ProofAt(9), Is.EqualTo(Proof.SortedOrder));
            Assert.That(bounds.ProofAt(8), Is.EqualTo(Proof.None));
            Assert.That(bounds.ClipAt(10), Is.Zero);
            Assert.That(bounds.ClipAt(9), Is.EqualTo(255));
        });
    }

    [Test]
    public void A_narrower_input_gives_narrower_bounds() =>
        Assert.That(Bounds(Matrix, new TensorRange(-128, 0)), Is.EqualTo(new ChannelBounds(-128, 256, -128, 256, 128, 3)));

    [TestCase(32, "wide")]
    [TestCase(10, "bounded")]
    [TestCase(9, "exact")]
    [TestCase(8, "sorted")]
    public void Auto_takes_the_cheapest_proven_schedule(int bits, string schedule) =>
        Assert.That(Accumulator(Run(new AccumulatorRequest(bits, null))!), Is.EqualTo(new Accumulator(bits, ScheduleText.Parse(schedule)!)));

    [Test]
    public void Bounded_needs_its_proof()
    {
        Assert.That(Ids(new AccumulatorRequest(9, Schedule.Bounded)), Is.EqualTo(new[] { "PQS0405" }));
        Assert.That(Ids(new AccumulatorRequest(10, Schedule.Bounded)), Is.Empty);
    }

    [Test]
    public void A_width_too_narrow_for_a_product_is_a_warning() =>
        Assert.That(Ids(new AccumulatorRequest(8, Schedule.Natural)), Is.EqualTo(new[] { "PQS0406" }));

    [Test]
    public void Wide_needs_32_bits() => Assert.That(Ids(new AccumulatorRequest(16, Schedule.Wide)), Is.EqualTo(new[] { "PQS0208" }));

    [TestCase(0, null)]
    [TestCase(null, 1)]
    public void Rounds_and_tiles_that_make_no_sense_are_refused(int? rounds, int? tile) =>
        Assert.That(Ids(new AccumulatorRequest(16, new Schedule.Sorted(rounds, tile))), Is.EqualTo(new[] { "PQS0208" }));

    [TestCase("0")]
    [TestCase("FULLY_*")]
    [TestCase("res?lt")]
    public void A_pattern_names_a_layer(string pattern)
    {
        var requests = new AccumulatorRequests(
            new AccumulatorRequest(16, Schedule.Natural), [new LayerRequest("*", new AccumulatorRequest(14, Schedule.Natural)), new LayerRequest(pattern, new AccumulatorRequest(12, Schedule.Natural))]);
        Assert.That(Accumulator(SetAccumulators.Run(Matrix, requests, new DiagnosticBag())!).Bits, Is.EqualTo(12));
    }

    [TestCase("1")]
    [TestCase("CONV_2D")]
    [TestCase("")]
    public void A_pattern_that_names_none_is_refused(string pattern)
    {
        var diagnostics = new DiagnosticBag();
        var requests = new AccumulatorRequests(null, [new LayerRequest(pattern, new AccumulatorRequest(12, Schedule.Natural))]);
        Assert.That(SetAccumulators.Run(Matrix, requests, diagnostics), Is.Null);
        Assert.That(diagnostics.ToImmutable().Single().Descriptor.Id, Is.EqualTo("PQS0407"));
    }

    [TestCase(new sbyte[] { 1, 0, 0, 2, 0, 3, 4, 0, 5, 6, 0, 0, 0, 0, 7, 8 }, "2:4")]
    [TestCase(new sbyte[] { 1, 0, 0, 0, 0, 0, 0, 4 }, "1:4")]
    [TestCase(new sbyte[] { 0, 0, 0, 0, 0, 0, 0, 0 }, "0:2")]
    [TestCase(new sbyte[] { 1, 1, 1, 1, 1, 1, 1, 0 }, null)]
    [TestCase(new sbyte[] { 1, 1, 1, 1, 1, 1, 1, 1 }, null)]
    public void N_of_M_is_found_in_the_zeros(sbyte[] weights, string? pattern)
    {
        var dot = (DotProductOperator)Matrix.Nodes[0].Operator;
        var matrix = new FullyConnected(weights.Length)
        {
            Weights = [.. weights],
            WeightScales = dot.WeightScales,
            Bias = dot.Bias,
            Requantizations = dot.Requantizations,
            Rounding = dot.Rounding,
            Accumulator = dot.Accumulator,
            OutputRange = dot.OutputRange,
        };
        Assert.That(PruningPattern.Detect(matrix)?.ToString(), Is.EqualTo(pattern));
    }

    private static ModelBuilder Build()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 4], 1, -128);
        return builder.Output(builder.FullyConnected(input, new Filter(1, 1, 1, [1, -1, 0, 1], [1f]), new Result(1, 0, Name: "result")));
    }

    private static ChannelBounds Bounds(Graph graph, TensorRange range) =>
        AccumulatorAnalysis.Run((DotProductOperator)graph.Nodes[0].Operator, range, -128).Single();

    private static Graph? Run(AccumulatorRequest request) => SetAccumulators.Run(Matrix, new AccumulatorRequests(request, []), new DiagnosticBag());

    private static Accumulator Accumulator(Graph graph) => ((DotProductOperator)graph.Nodes[0].Operator).Accumulator;

    private static ImmutableArray<string> Ids(AccumulatorRequest request)
    {
        var diagnostics = new DiagnosticBag();
        SetAccumulators.Run(Matrix, new AccumulatorRequests(request, []), diagnostics);
        return [.. diagnostics.ToImmutable().Select(diagnostic => diagnostic.Descriptor.Id)];
    }
}
