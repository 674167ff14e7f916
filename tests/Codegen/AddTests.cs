using System.Collections.Immutable;
using System.Numerics;
using CsCheck;
using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>ADD over all pairs of int8 values, the interpreter and C against exact integers.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class AddTests
{
    private const int Side = 256;

    private static readonly Lazy<ImmutableArray<ModelCase>> Cases = new(() => [.. Factors().Concat(Factors().Select(Short)).Select(Case)]);

    [Test]
    public void The_interpreter_gives_the_exact_result() => Assert.Multiple(() =>
    {
        foreach (var model in Cases.Value)
        {
            var (graph, add) = (model.Graph, (Add)model.Graph.Nodes[0].Operator);
            var actual = Interpreter.Run(graph, model.Samples[0])[2];
            var (first, second) = (Scaled(graph.Tensors[0], add.First), Scaled(graph.Tensors[1], add.Second));
            var expected = new sbyte[Side * Side];
            var known = new Dictionary<BigInteger, sbyte>();
            for (var i = 0; i < expected.Length; i++)
            {
                var sum = first[i / Side] + second[i % Side];
                if (!known.TryGetValue(sum, out var value))
                {
                    var exact = Requantize(sum, add.Output) + graph.Tensors[2].Quantization.ZeroPoint;
                    value = (sbyte)BigInteger.Max(add.OutputRange.Minimum, BigInteger.Min(add.OutputRange.Maximum, exact));
                    known.Add(sum, value);
                }

                expected[i] = value;
            }

            Assert.That(actual.AsSpan().SequenceEqual(expected), Is.True, () => model.Describe());
        }
    });

    [TestCase("gcc")]
    [TestCase("clang-16")]
    public void C_gives_what_the_interpreter_gives(string compiler)
    {
        Tools.Require(compiler);
        ModelBatch.Check(compiler, Cases.Value, KernelTier.All);
    }

    /// <summary>Extreme factors as the graph's verifier allows them, and random ones.</summary>
    private static IEnumerable<Add> Factors()
    {
        var dice = new Dice(new PCG(5, 42));
        Requantization[] extremes = [default, new(1 << 30, 0), new(int.MaxValue, -31), new(int.MaxValue, -1)];
        foreach (var first in extremes)
        {
            foreach (var second in extremes)
            {
                // Where the scaled inputs cancel, a sum off by one shows: the output's factor is nearly one half.
                yield return new Add(first, second, new Requantization(int.MaxValue, -1), OutputRange.Full);
            }
        }

        for (var count = 0; count < 12; count++)
        {
            var range = dice.Pick(OutputRange.Full, new OutputRange(-20, 100), new OutputRange(5, 5));
            yield return new Add(Random(dice, 0), Random(dice, 0), dice.Pick(Random(dice, -14), new(int.MaxValue, -1), new(1 << 30, -31)), range);
        }

        // As scales give them: the factor of one input is one half. The sum's is where its zero point still joins the rounding, and beyond.
        var half = new Requantization(1 << 30, 0);
        foreach (var output in (Requantization[])[new(1 << 30, -1), new(int.MaxValue, -19), new(int.MaxValue, -22), new(1 << 30, -22), new(int.MaxValue, -23), new(1 << 30, -31)])
        {
            yield return new Add(half, Random(dice, 0) with { Shift = 0 }, output, OutputRange.Full);
            yield return new Add(Random(dice, -1), half, output, new OutputRange(-100, 101));
        }
    }

    private static Add Short(Add add) => add with
    {
        First = Graphs.WithShortMultiplier(add.First),
        Second = Graphs.WithShortMultiplier(add.Second),
        Output = Graphs.WithShortMultiplier(add.Output),
    };

    private static Requantization Random(Dice dice, int highestShift) =>
        new((1 << 30) + dice.Between(0, (1 << 30) - 2), highestShift - dice.Between(0, 8));

    private static ModelCase Case(Add add)
    {
        var dice = new Dice(new PCG(6, (uint)add.First.Multiplier));
        Tensor Tensor(string name) => new(name, new Shape(Side, Side), new Quantization(1, dice.Pick(-128, 127, dice.SByte())), 0);
        var graph = new Graph(
            "add",
            new string('0', 64),
            [Tensor("first"), Tensor("second"), Tensor("sum")],
            [new Node("node 0 ADD", add, [0, 1], 2)],
            [0, 1],
            [2]);
        var diagnostics = new DiagnosticBag();
        Assert.That(GraphVerifier.Verify(graph, diagnostics), Is.True, () => string.Join('\n', diagnostics.Lines()));
        var pairs = Enumerable.Range(0, Side * Side).Select(i => (sbyte)((i / Side) - 128))
            .Concat(Enumerable.Range(0, Side * Side).Select(i => (sbyte)((i % Side) - 128)));
        return new ModelCase(graph, [[.. pairs]]);
    }

    /// <summary>Each int8 value at the common scale.</summary>
    private static BigInteger[] Scaled(Tensor tensor, Requantization factor) =>
        [.. Enumerable.Range(-128, Side).Select(x => Requantize((BigInteger)(x - tensor.Quantization.ZeroPoint) << 20, factor))];

    /// <summary>Double rounding; no shift is positive here.</summary>
    private static BigInteger Requantize(BigInteger value, Requantization factor)
    {
        var product = value * factor.Multiplier;
        var high = BigInteger.Divide(product + (product.Sign >= 0 ? BigInteger.One << 30 : 1 - (BigInteger.One << 30)), BigInteger.One << 31);
        var divisor = BigInteger.One << -factor.Shift;
        var magnitude = (BigInteger.Abs(high) + (divisor >> 1)) / divisor;
        return high.Sign < 0 ? -magnitude : magnitude;
    }
}
