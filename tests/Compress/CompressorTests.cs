using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Codegen.Analysis;
using Pqs.Compress.Pipeline;
using Pqs.Compress.Pruning;
using Pqs.Compress.Requests;
using Pqs.Compress.Simulation;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.Compress;

/// <summary>From a float network to a quantized one.</summary>
internal sealed class CompressorTests
{
    private static readonly FloatGraph Network = FloatNetworks.EveryOperator();

    [Test]
    public void Eight_dense_bits_are_near_the_original()
    {
        var samples = FloatNetworks.Samples(Network, 40);
        var graph = Compress(Network, samples, Settings()).Graph;
        var scale = graph.Tensors[graph.Outputs[0]].Quantization;
        foreach (var sample in samples.Take(10))
        {
            var expected = FloatInterpreter.Outputs(Network, FloatInterpreter.Run(Network, sample));
            var actual = Interpreter.Outputs(graph, Interpreter.Run(graph, Quantize(graph, sample)));
            Assert.That(actual.Select(q => (q - scale.ZeroPoint) * scale.Scale), Is.EqualTo(expected).Within(0.04));
        }
    }

    [Test]
    public void Patterns_bits_and_rounding_are_as_asked([Values("2:4", "1:4x2", "3:16")] string text, [Values(3, 6)] int bits, [Values] bool isQuantizedFirst)
    {
        var pattern = SparsityPattern.Parse(text)!;
        var settings = Settings(text, bits) with { IsQuantizedFirst = isQuantizedFirst };
        var graph = Compress(Network, FloatNetworks.Samples(Network, 20), settings).Graph;
        var first = true;
        foreach (var dot in graph.Nodes.Select(node => node.Operator).OfType<DotProductOperator>())
        {
            Assert.That(dot.Rounding, Is.EqualTo(Rounding.Single));
            Assert.That(dot.Weights, Is.All.InRange(-((1 << (bits - 1)) - 1), (1 << (bits - 1)) - 1));
            if (!first && dot is not DepthwiseConv2D)
            {
                var mask = new PruningMask(dot.OutputChannels, dot.ProductCount);
                for (var channel = 0; channel < dot.OutputChannels; channel++)
                {
                    for (var k = 0; k < dot.ProductCount; k++)
                    {
                        mask[channel, k] = dot.Weight(channel, k) != 0;
                    }
                }

                Assert.That(mask.Has(pattern), Is.True);
            }

            first = false;
        }
    }

    [Test]
    public void A_proven_accumulator_is_proven_by_the_analysis([Values(13, 14, 16)] int bits, [Values] bool hasFeedback)
    {
        var settings = Settings("2:4", 6) with
        {
            Accumulators = new(new(bits, []), Guarantee.Proven, 0),
            Steps = hasFeedback ? CompressionSteps.All : CompressionSteps.None,
        };
        var graph = Compress(Network, FloatNetworks.Samples(Network, 20), settings).Graph;
        var ranges = RangeAnalysis.Run(graph);
        foreach (var node in graph.Nodes.Where(node => node.Operator is DotProductOperator))
        {
            var input = node.Inputs[0];
            var bounds = AccumulatorAnalysis.Run((DotProductOperator)node.Operator, ranges[input], graph.Tensors[input].Quantization.ZeroPoint);
            Assert.That(bounds.Select(channel => channel.ProofAt(bits)), Is.All.EqualTo(Proof.AnyOrder), node.Origin);
        }
    }

    [Test]
    public void Observed_accumulators_clip_no_more_than_allowed()
    {
        var samples = FloatNetworks.Samples(Network, 40);
        var loose = Compress(Network, samples, Settings() with { Accumulators = new(new(12, []), Guarantee.None, 0) });
        var fitted = Compress(Network, samples, Settings() with { Accumulators = new(new(12, []), Guarantee.Observed, 0) });
        Assert.That(loose.Layers.Sum(layer => layer.Clips), Is.Positive);
        Assert.That(fitted.Layers.Sum(layer => layer.Clips), Is.LessThan(0.01 * loose.Layers.Sum(layer => layer.Clips)));
    }

    [Test]
    public void The_result_does_not_depend_on_threads_or_on_the_run()
    {
        var samples = FloatNetworks.Samples(Network, 20);
        var graphs = Enumerable.Range(0, 3).Select(_ => Compress(Network, samples, Settings("2:4", 5)).Graph).ToArray();
        foreach (var (first, second) in graphs[0].Nodes.Zip(graphs[1].Nodes).Concat(graphs[0].Nodes.Zip(graphs[2].Nodes)))
        {
            if (first.Operator is DotProductOperator a && second.Operator is DotProductOperator b)
            {
                Assert.That(a.Weights, Is.EqualTo(b.Weights));
                Assert.That(a.Bias, Is.EqualTo(b.Bias));
            }
        }
    }

    [Test]
    public void Each_step_can_be_left_out([Values] CompressionSteps step)
    {
        var samples = FloatNetworks.Samples(Network, 20);
        Assert.That(Compress(Network, samples, Settings("2:4", 4) with { Steps = CompressionSteps.All & ~step }).Graph.Nodes, Has.Length.EqualTo(Network.Nodes.Length));
    }

    [Test]
    public void All_steps_together_beat_none([Values("2:4", "1:4")] string pattern, [Values(4, 8)] int bits)
    {
        var samples = FloatNetworks.Samples(Network, 60);
        var with = Compress(Network, samples, Settings(pattern, bits)).Layers[^1].RelativeError;
        var without = Compress(Network, samples, Settings(pattern, bits) with { Steps = CompressionSteps.None }).Layers[^1].RelativeError;
        Assert.That(with, Is.LessThan(0.5 * without));
    }

    [Test]
    public void The_simulator_gives_what_the_interpreter_gives([Values(10, 14, 32)] int bits)
    {
        var samples = FloatNetworks.Samples(Network, 10);
        var graph = Compress(Network, samples, Settings("2:4", 8) with { Accumulators = new(new(bits, []), Guarantee.None, 0) }).Graph;
        var simulator = GraphSimulator.For(graph)!;
        foreach (var sample in samples)
        {
            var integers = Quantize(graph, sample);
            Assert.That(simulator.Run(integers).Values, Is.EqualTo(Interpreter.Run(graph, integers)));
        }
    }

    public static CompressionSettings Settings(string pattern = "1:1", int bits = 8) => new(
        new WeightRequests(new(SparsityPattern.Parse(pattern)!, []), new(bits, [])), new AccumulatorGoal(new(32, []), Guarantee.None, 0));

    public static CompressionResult Compress(FloatGraph graph, ImmutableArray<float[]> samples, CompressionSettings settings)
    {
        var diagnostics = new DiagnosticBag();
        return Compressor.Run(graph, samples, settings, _ => { }, diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics.ToImmutable()));
    }

    private static sbyte[] Quantize(Graph graph, float[] sample) => Array.ConvertAll(sample, graph.Tensors[graph.Inputs[0]].Quantization.Nearest);
}
