using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Import.TfLite.Float;
using Pqs.Reference.Model;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.FloatModel;

/// <summary>Breaks one invariant of a valid graph at a time, as a faulty pass would.</summary>
internal sealed class FloatGraphVerifierTests
{
    private static readonly FloatGraph Valid = FloatTfLiteImporter.Import(TfLiteWriter.Write(FloatTfLiteFile.Of(SmallModel.Builder().File)), "net.tflite", "net", new DiagnosticBag())!;

    private static IEnumerable<TestCaseData> Broken =>
    [
        Case("PQS0201", "tensor 99 does not exist", "node input", WithNode(SmallModel.Conv, node => node with { Inputs = [99] })),
        Case("PQS0202", "tensor 'sum' is read before it is written", "order", WithNode(SmallModel.Conv, node => node with { Inputs = [4] })),
        Case("PQS0203", "tensor 'conv' is written more than once", "two writers", WithNode(SmallModel.Depthwise, node => node with { Output = 2 })),
        Case("PQS0204", "impossible shape 1x5x0x2", "empty dimension", Valid with { Tensors = Valid.Tensors.SetItem(0, new FloatTensor("input", new Shape(1, 5, 0, 2))) }),
        Case("PQS0205", "but 1x3x7x3 follows", "channels", WithOperator<FloatConv2D>(SmallModel.Conv, conv => conv with { Bias = conv.Bias[1..] })),
        Case("PQS0205", "other channels than the filter", "input channels", WithOperator<FloatConv2D>(SmallModel.Conv, conv => conv with { InputChannels = 3 })),
        Case("PQS0205", "times the depth multiplier", "multiplier", WithOperator<FloatDepthwiseConv2D>(SmallModel.Depthwise, conv => conv with { DepthMultiplier = 2 })),
        Case("PQS0205", "are not whole rows of 0", "input size", WithOperator<FloatFullyConnected>(SmallModel.FullyConnected, matrix => matrix with { InputSize = 0 })),
        Case("PQS0205", "padded in dimension 1", "padding", WithOperator<FloatPad>(SmallModel.Pad, pad => pad with { Before = [0, 2, 0, 0] })),
        Case("PQS0205", "the shapes must be equal", "sum", WithNode(SmallModel.Add, node => node with { Inputs = [0, 0] })),
        Case("PQS0205", "does not have as many elements", "reshape", WithNode(SmallModel.Reshape, node => node with { Inputs = [0] })),
        Case("PQS0206", "the weights has 47 elements where 48 are needed", "weights", WithOperator<FloatConv2D>(SmallModel.Conv, conv => conv with { Weights = conv.Weights[1..] })),
        Case("PQS0209", "the output range 1..0 is empty", "crossed bounds", WithOperator<FloatConv2D>(SmallModel.Conv, conv => conv with { Activation = new FloatRange(1, 0) })),
        Case("PQS0209", "the output range NaN..1 is empty", "bound that is no number", WithOperator<FloatAdd>(SmallModel.Add, _ => new FloatAdd(new FloatRange(float.NaN, 1)))),
        Case("PQS0209", "is empty", "only infinity", WithOperator<FloatMaxPool2D>(SmallModel.MaxPool, pool => pool with { Activation = new FloatRange(float.PositiveInfinity, float.PositiveInfinity) })),
        Case("PQS0211", "dilation 2", "dilated pool", WithOperator<FloatMaxPool2D>(SmallModel.MaxPool, pool => pool with { Window = Dilated(pool.Window) })),
        Case("PQS0211", "padding 3+1", "padding as wide as the window", WithOperator<FloatConv2D>(SmallModel.Conv, conv => conv with { Window = Wide(conv.Window) })),
        Case("PQS0213", "the graph has no node", "no nodes", Valid with { Nodes = [], Outputs = [] }),
        Case("PQS0214", "graph output 'input'", "input as output", Valid with { Outputs = [0] }),
        Case("PQS0217", "nodes are 4097", "nodes", Chain(4097)),
        Case("PQS0218", "the operator has 2 inputs where 1 are needed", "inputs", WithNode(SmallModel.Conv, node => node with { Inputs = [1, 1] })),
        Case("PQS0218", "the operator has 1 inputs where 2 are needed", "one input of a sum", WithNode(SmallModel.Add, node => node with { Inputs = [2] })),
        Case("PQS0219", "the weights has NaN at element 3", "weight", WithOperator<FloatConv2D>(SmallModel.Conv, conv => conv with { Weights = conv.Weights.SetItem(3, float.NaN) })),
        Case("PQS0219", "the bias has Infinity at element 1", "bias", WithOperator<FloatConv2D>(SmallModel.Conv, conv => conv with { Bias = conv.Bias.SetItem(1, float.PositiveInfinity) })),
    ];

    [Test]
    public void The_valid_graph_is_valid() => Assert.That(FloatGraphVerifier.Verify(Valid, new DiagnosticBag()), Is.True);

    [TestCaseSource(nameof(Broken))]
    public void A_broken_graph_is_refused(string id, string message, object graph)
    {
        var diagnostics = new DiagnosticBag();
        Assert.That(FloatGraphVerifier.Verify((FloatGraph)graph, diagnostics), Is.False);
        Assert.That(diagnostics.ToImmutable()[0].Descriptor.Id, Is.EqualTo(id), $"{diagnostics.ToImmutable()[0]}");
        Assert.That(diagnostics.ToImmutable()[0].Message, Does.Contain(message));
    }

    private static TestCaseData Case(string id, string message, string name, FloatGraph graph) => new TestCaseData(id, message, graph).SetArgDisplayNames(id, name);

    private static FloatGraph WithNode(int position, Func<FloatNode, FloatNode> change) =>
        Valid with { Nodes = Valid.Nodes.SetItem(position, change(Valid.Nodes[position])) };

    private static FloatGraph WithOperator<T>(int position, Func<T, FloatOperator> change)
        where T : FloatOperator => WithNode(position, node => node with { Operator = change((T)node.Operator) });

    private static FloatGraph Chain(int length) => new(
        "net",
        "",
        [.. Enumerable.Range(0, length + 1).Select(id => new FloatTensor($"t{id}", new Shape(1)))],
        [.. Enumerable.Range(0, length).Select(id => new FloatNode("node", new FloatReshape(), [id], id + 1))],
        [0],
        [length]);

    private static Window Dilated(Window window) => window with { Vertical = window.Vertical with { Dilation = 2 } };

    private static Window Wide(Window window) => window with { Vertical = window.Vertical with { PadBefore = 3 } };
}
