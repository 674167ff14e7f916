using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Compress.FromQuantized;
using Pqs.Compress.Pruning;
using Pqs.Compress.Requests;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Export;
using Pqs.Reference.Import;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Data;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.Codegen;
using Pqs.Tests.Commands;

namespace Pqs.Tests.Compress;

/// <summary>Pruning of networks that are quantized already.</summary>
internal sealed class FromQuantizedTests
{
    private static readonly Graph Network = Graphs.Import(EveryLayer.Create());

    [TestCase("2:4")]
    [TestCase("1:3")]
    [TestCase("1:4x2")]
    public void Layers_have_the_pattern_but_for_the_first_and_the_depthwise_ones(string text)
    {
        var pattern = SparsityPattern.Parse(text)!;
        var pruned = Run(new WeightRequests(new(pattern, []), WeightRequests.None.Bits));
        var isFirst = true;
        foreach (var (before, after) in Network.Nodes.Zip(pruned.Nodes))
        {
            if (before.Operator is DotProductOperator dense && after.Operator is DotProductOperator dot)
            {
                var isSpared = isFirst || dot is DepthwiseConv2D;
                Assert.That(Mask(dot).Has(pattern), isSpared ? Is.EqualTo(Mask(dense).Has(pattern)) : Is.True);
                Assert.That(dot.Weights.Zip(dense.Weights).All(pair => pair.First == pair.Second || pair.First == 0), Is.True);
                Assert.That(dot.Weights.SequenceEqual(dense.Weights), isSpared ? Is.True : Is.False);
                isFirst = false;
            }
        }
    }

    [Test]
    public void A_request_by_pattern_spares_none()
    {
        var pattern = new SparsityPattern(1, 4);
        var pruned = Run(new WeightRequests(new(SparsityPattern.Dense, [new("*", pattern)]), WeightRequests.None.Bits));
        Assert.That(Layers(pruned).Select(dot => Mask(dot).Has(pattern)), Is.All.True);
    }

    [Test]
    public void Fewer_bits_change_the_scale_and_little_else([Values(2, 4, 6, 7)] int bits)
    {
        var limit = (1 << (bits - 1)) - 1;
        var changed = Run(new WeightRequests(new(SparsityPattern.Dense, []), new(bits, [])));
        foreach (var (before, after) in Layers(Network).Zip(Layers(changed)))
        {
            Assert.That(after.Weights.Select(weight => (int)weight), Is.All.InRange(-limit, limit));
            for (var channel = 0; channel < before.OutputChannels; channel++)
            {
                double scale = before.WeightScales[before.WeightScales.Length == 1 ? 0 : channel];
                double newScale = after.WeightScales[after.WeightScales.Length == 1 ? 0 : channel];
                Assert.That(newScale, Is.GreaterThanOrEqualTo(scale));
                Assert.That(after.Bias[channel] * newScale, Is.EqualTo(before.Bias[channel] * scale).Within(0.5001 * newScale));
                Assert.That(Real(after.Requantizations[channel]), Is.EqualTo(Real(before.Requantizations[channel]) * newScale / scale).Within(1e-5).Percent);
                for (var k = 0; k < before.ProductCount; k++)
                {
                    var index = before.WeightIndex(channel, k);
                    var wanted = Math.Clamp(before.Weights[index] * scale / newScale, -limit, limit);
                    Assert.That(after.Weights[index], Is.EqualTo(wanted).Within(0.5001));
                }
            }
        }
    }

    [Test]
    public void The_file_holds_the_same_network()
    {
        var graph = Run(new WeightRequests(new(new SparsityPattern(2, 4), []), new(6, [])));
        var diagnostics = new DiagnosticBag();
        var path = Path.Combine(Directory.CreateTempSubdirectory("pqs-test-").FullName, "net.onnx");
        File.WriteAllBytes(path, OnnxExporter.Export(graph, diagnostics)!);
        var read = ModelLoader.Load(path, diagnostics)!;
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        foreach (var sample in SampleGenerator.Generate(graph))
        {
            Assert.That(Interpreter.Outputs(read, Interpreter.Run(read, sample)), Is.EqualTo(Interpreter.Outputs(graph, Interpreter.Run(graph, sample))));
        }
    }

    [Test]
    public void The_command_writes_a_model_that_has_the_pattern_and_verifies()
    {
        using var tool = new PqsTool();
        var made = tool.Run(
            "compress", "--from-quantized", PqsTool.Model, "--prune", "2:4", "--prune-layer", "*=2:4", "--weight-bits", "6", "--accumulator-bits", "16", "-o", "out/net.onnx");
        Assert.That(made.ExitCode, Is.Zero, made.Error);
        Assert.That(Directory.GetFiles(tool.At("out")).Select(Path.GetFileName), Is.EqualTo(new[] { "net.onnx" }));
        var graph = ModelLoader.Load(tool.At("out", "net.onnx"), new DiagnosticBag())!;
        foreach (var dot in Layers(graph).Where(dot => dot.ProductCount >= 8))
        {
            var found = PruningPattern.Detect(dot)!;
            Assert.That((double)found.N / found.M, Is.LessThanOrEqualTo(0.5));
        }

        Tools.Require("gcc", "clang-16");
        var verified = tool.Run("verify", "out/net.onnx", "-t", "host");
        Assert.That(verified.ExitCode, Is.Zero, verified.Error + verified.Output);
    }

    [TestCase("16")]
    [TestCase("many")]
    public void Multipliers_have_15_or_31_bits(string bits)
    {
        using var tool = new PqsTool();
        tool.Run("compress", "--from-quantized", PqsTool.Model, "--multiplier-bits", bits, "-o", "net.onnx").Failed(2);
        Assert.That(File.Exists(tool.At("net.onnx")), Is.False);
    }

    [TestCase("PQS0901", "--prune", "5:4")]
    [TestCase("PQS0901", "--prune", "1:33")]
    [TestCase("PQS0901", "--prune-layer", "*=0:4")]
    [TestCase("PQS0902", "--weight-bits", "9")]
    [TestCase("PQS0902", "--weight-bits", "many")]
    [TestCase("PQS0902", "--weight-bits-layer", "*=1")]
    [TestCase("PQS0903", "--prune-layer", "2:4")]
    [TestCase("PQS0903", "--weight-bits-layer", "=4")]
    [TestCase("PQS0407", "--prune-layer", "nothing=2:4")]
    [TestCase("PQS0408", "--accumulator-bits", "7")]
    public void Requests_that_make_no_sense_are_refused(string id, string option, string value)
    {
        using var tool = new PqsTool();
        var result = tool.Run("compress", "--from-quantized", PqsTool.Model, option, value, "-o", "net.onnx").Failed(3);
        Assert.That(result.Ids, Is.EqualTo(new[] { id }));
        Assert.That(File.Exists(tool.At("net.onnx")), Is.False);
    }

    [Test]
    public void Multipliers_of_15_bits_are_those_of_31_rounded()
    {
        var changed = Run(WeightRequests.None, 15);
        foreach (var (before, after) in Factors(Network).Zip(Factors(changed)))
        {
            Assert.That(after.Multiplier & 0xFFFF, Is.Zero);
            Assert.That(Real(after), Is.EqualTo(Real(before)).Within(Math.Pow(2, -15) * Real(before)));
        }

        Assert.That(Factors(Network).Any(factor => (factor.Multiplier & 0xFFFF) != 0), Is.True);
        Assert.That(Factors(Run(changed, WeightRequests.None, 31)), Is.EqualTo(Factors(Network)));
    }

    [Test]
    public void Multipliers_stay_as_short_as_they_are()
    {
        var fewer = new WeightRequests(new(SparsityPattern.Dense, []), new(4, []));
        var changed = Run(Run(WeightRequests.None, 15), fewer, null);
        Assert.That(Factors(changed).Select(factor => factor.Multiplier & 0xFFFF), Is.All.Zero);
        Assert.That(Factors(changed), Is.Not.EqualTo(Factors(Run(WeightRequests.None, 15))));
        Assert.That(Factors(Run(changed, WeightRequests.None, 31)), Is.EqualTo(Factors(Run(fewer))));
    }

    private static Graph Run(WeightRequests requests, int? multiplierBits = null) => Run(Network, requests, multiplierBits);

    private static Graph Run(Graph graph, WeightRequests requests, int? multiplierBits)
    {
        var diagnostics = new DiagnosticBag();
        return QuantizedCompressor.Run(graph, requests, multiplierBits, diagnostics) ?? throw new InvalidOperationException(string.Join('\n', diagnostics.ToImmutable()));
    }

    private static IEnumerable<DotProductOperator> Layers(Graph graph) => graph.Nodes.Select(node => node.Operator).OfType<DotProductOperator>();

    private static Requantization[] Factors(Graph graph) => [.. graph.Nodes.SelectMany(node => node.Operator switch
    {
        DotProductOperator dot => dot.Requantizations,
        Add add => [add.First, add.Second, add.Output],
        _ => ImmutableArray<Requantization>.Empty,
    })];

    private static double Real(Requantization factor) => factor.Multiplier * Math.Pow(2, factor.Shift - 31);

    private static PruningMask Mask(DotProductOperator dot)
    {
        var mask = new PruningMask(dot.OutputChannels, dot.ProductCount);
        for (var channel = 0; channel < dot.OutputChannels; channel++)
        {
            for (var k = 0; k < dot.ProductCount; k++)
            {
                mask[channel, k] = dot.Weight(channel, k) != 0;
            }
        }

        return mask;
    }
}
