using NUnit.Framework;
using Pqs.Reference.Data;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.TfLite;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.TfLite;

/// <summary>Random models are only worth testing with when they reach what they are for.</summary>
internal sealed class RandomModelTests
{
    private static readonly Graph[] Graphs = [.. Enumerable.Range(0, 300).Select(number => Import((uint)number))];

    [Test]
    public void A_number_always_gives_the_same_bytes() =>
        Assert.That(RandomModel.Numbered(17, 8).Build(), Is.EqualTo(RandomModel.Numbered(17, 8).Build()));

    [Test]
    public void Every_operator_occurs_often()
    {
        var counts = Operators().CountBy(@operator => @operator.GetType()).ToDictionary();
        Assert.That(counts, Has.Count.EqualTo(9));
        Assert.That(counts.Values, Has.All.GreaterThan(30));
    }

    [Test]
    public void Rare_forms_occur()
    {
        Assert.That(Graphs.Count(graph => graph.Inputs.Length > 1), Is.Positive, "several inputs");
        Assert.That(Graphs.Count(graph => graph.Outputs.Length > 1), Is.Positive, "several outputs");
        Assert.That(Graphs.Count(graph => graph.Outputs.Any(id => graph.Nodes.Any(node => node.Inputs.Contains(id)))), Is.Positive, "outputs that are read");
        Assert.That(Graphs.Count(graph => graph.Nodes.Any(node => node.Operator is Add && node.Inputs[0] == node.Inputs[1])), Is.Positive, "a sum with itself");
        Assert.That(Graphs.Count(graph => graph.Tensors[0].Shape is { Rank: 4 } shape && shape[0] > 1), Is.Positive, "batches");
        var dots = Operators().OfType<DotProductOperator>().ToArray();
        Assert.That(dots.Count(dot => dot.ProductCount == 1), Is.Positive, "one product");
        Assert.That(dots.Count(dot => dot.Bias.Any(bias => Math.Abs((long)bias) > 1 << 28)), Is.Positive, "large biases");
        Assert.That(dots.Count(dot => dot.Requantizations.Any(factor => factor.Shift > 0)), Is.Positive, "shifts to the left");
        Assert.That(dots.Count(dot => dot.Requantizations.Any(factor => factor.Shift < -20)), Is.Positive, "long shifts to the right");
        Assert.That(dots.Count(dot => dot.Requantizations.Contains(default)), Is.Positive, "factors of 0");
        var windows = Operators().Select(@operator => @operator switch
        {
            Conv2D conv => conv.Window,
            DepthwiseConv2D depthwise => depthwise.Window,
            Pool2D pool => pool.Window,
            _ => default,
        }).SelectMany(window => new[] { window.Vertical, window.Horizontal }).ToArray();
        Assert.That(windows.Count(axis => axis.PadAfter > axis.PadBefore), Is.Positive, "uneven padding");
        Assert.That(windows.Count(axis => axis.Dilation > 1 && axis.Kernel > 1), Is.Positive, "dilation");
        Assert.That(windows.Count(axis => axis.Stride > axis.Kernel), Is.Positive, "gaps between windows");
        Assert.That(Operators().OfType<DepthwiseConv2D>().Count(depthwise => depthwise.DepthMultiplier > 1), Is.Positive, "depth multipliers");
    }

    /// <summary>A model whose results do not depend on its input would hide any error.</summary>
    [Test]
    public void Most_results_depend_on_the_input()
    {
        var lively = Graphs.Count(graph =>
            SampleGenerator.Generate(graph).Select(sample => string.Join(' ', Interpreter.Outputs(graph, Interpreter.Run(graph, sample)))).Distinct().Count() > 2);
        Assert.That(lively, Is.GreaterThan(Graphs.Length * 6 / 10));
    }

    private static IEnumerable<Operator> Operators() => Graphs.SelectMany(graph => graph.Nodes).Select(node => node.Operator);

    private static Graph Import(uint number) =>
        TfLiteImporter.Import(RandomModel.Numbered(number, 6).Build(), "net.tflite", "net", new DiagnosticBag())
        ?? throw new InvalidOperationException($"Random model {number} was refused.");
}
