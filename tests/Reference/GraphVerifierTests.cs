using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Reference;

/// <summary>Breaks one invariant of a valid graph at a time, as a faulty pass would.</summary>
internal sealed class GraphVerifierTests
{
    private static IEnumerable<TestCaseData> Broken =>
    [
        Case("PQS0201", "tensor 99 does not exist; the graph has 10", "node input",
            graph => WithNode(graph, SmallModel.Conv, node => node with { Inputs = [99] })),
        Case("PQS0201", "tensor -1 does not exist", "negative node input",
            graph => WithNode(graph, SmallModel.Conv, node => node with { Inputs = [-1] })),
        Case("PQS0201", "tensor 10 does not exist", "node output",
            graph => WithNode(graph, SmallModel.Softmax, node => node with { Output = 10 })),
        Case("PQS0201", "tensor 10 does not exist", "graph input", graph => graph with { Inputs = [0, 10] }),
        Case("PQS0201", "tensor 10 does not exist", "graph output", graph => graph with { Outputs = [10] }),
        Case("PQS0202", "tensor 'sum' is read before it is written", "order",
            graph => WithNode(graph, SmallModel.Conv, node => node with { Inputs = [4] })),
        Case("PQS0203", "tensor 'conv' is written more than once", "two writers",
            graph => WithNode(graph, SmallModel.Depthwise, node => node with { Output = 2 })),
        Case("PQS0203", "tensor 'input' is written more than once", "input twice", graph => graph with { Inputs = [0, 0] }),
        Case("PQS0204", "tensor 'input' has the impossible shape 1x5x0x2", "empty dimension",
            graph => WithTensor(graph, 0, tensor => tensor with { Shape = new Shape(1, 5, 0, 2) })),
        Case("PQS0204", "impossible shape 67108864x2", "many elements",
            graph => WithTensor(graph, 0, tensor => tensor with { Shape = new Shape(1 << 26, 2) })),
        Case("PQS0204", "impossible shape 2147483647x", "more elements than 64 bits count",
            graph => WithTensor(graph, 0, tensor => tensor with { Shape = new Shape(int.MaxValue, int.MaxValue, int.MaxValue) })),
        Case("PQS0204", "impossible shape ", "no dimension",
            graph => WithTensor(graph, 0, tensor => tensor with { Shape = new Shape([]) })),
        Case("PQS0204", "impossible shape 1x1x1x1x1x1x1", "seven dimensions",
            graph => WithTensor(graph, 0, tensor => tensor with { Shape = new Shape(1, 1, 1, 1, 1, 1, 1) })),
        Case("PQS0220", "tensor 'input' is declared to hold 1 to 0", "empty range",
            graph => WithTensor(graph, 0, tensor => tensor with { DeclaredRange = new TensorRange(1, 0) })),
        Case("PQS0220", "tensor 'input' is declared to hold 0 to 128", "range beyond int8",
            graph => WithTensor(graph, 0, tensor => tensor with { DeclaredRange = new TensorRange(0, 128) })),
        Case("PQS0220", "tensor 'conv' is declared to hold 0 to 1", "range of what is computed",
            graph => WithTensor(graph, 2, tensor => tensor with { DeclaredRange = new TensorRange(0, 1) })),
        Case("PQS0205", "the output is 1x3x7x4, but 1x3x7x3 follows", "channels",
            graph => WithDot(graph, SmallModel.Conv, dot => dot with { Bias = dot.Bias[1..] })),
        Case("PQS0205", "the input has other channels than the filter", "convolution's input channels",
            graph => WithOperator<Conv2D>(graph, SmallModel.Conv, conv => conv with { InputChannels = 3 })),
        Case("PQS0205", "the input has other channels than the filter", "depthwise input channels",
            graph => WithOperator<DepthwiseConv2D>(graph, SmallModel.Depthwise, conv => conv with { InputChannels = 2 })),
        Case("PQS0205", "times the depth multiplier", "depth multiplier",
            graph => WithOperator<DepthwiseConv2D>(graph, SmallModel.Depthwise, conv => conv with { DepthMultiplier = 2 })),
        Case("PQS0205", "times the depth multiplier", "depth multiplier that overflows",
            graph => WithOperator<DepthwiseConv2D>(graph, SmallModel.Depthwise, conv => conv with { DepthMultiplier = (1 << 30) + 1 })),
        Case("PQS0205", "are not whole rows of 0", "no input size",
            graph => WithOperator<FullyConnected>(graph, SmallModel.FullyConnected, matrix => matrix with { InputSize = 0 })),
        Case("PQS0205", "are not whole rows of -4", "negative input size",
            graph => WithOperator<FullyConnected>(graph, SmallModel.FullyConnected, matrix => matrix with { InputSize = -4 })),
        Case("PQS0205", "too many taps", "pool's taps", _ => LargePool()),
        Case("PQS0205", "padded in dimension 1", "padding",
            graph => WithOperator<Pad>(graph, SmallModel.Pad, pad => pad with { Before = [0, 2, 0, 0] })),
        Case("PQS0205", "padded in dimension 1", "negative padding",
            graph => WithOperator<Pad>(graph, SmallModel.Pad, pad => pad with { Before = [0, 2, 0, 0], After = [0, -1, 1, 0] })),
        Case("PQS0205", "padding 3 dimensions", "padding's rank",
            graph => WithOperator<Pad>(graph, SmallModel.Pad, pad => pad with { Before = [0, 1, 0], After = [0, 0, 1] })),
        Case("PQS0205", "padding 5 dimensions of 1x1x5x6x2", "padding's largest rank", graph => WithTensor(
            WithTensor(
                WithOperator<Pad>(graph, SmallModel.Pad, pad => new Pad(pad.Before.Insert(0, 0), pad.After.Insert(0, 0))),
                0,
                tensor => tensor with { Shape = new Shape(1, 1, 5, 6, 2) }),
            1,
            tensor => tensor with { Shape = new Shape(1, 1, 6, 7, 2) })),
        Case("PQS0205", "is not NxHxWxC", "image rank",
            graph => WithTensor(graph, 0,
                tensor => tensor with { Shape = new Shape(60) }, graph => WithNode(graph, SmallModel.Conv, node => node with { Inputs = [0] }))),
        Case("PQS0206", "the weights has 47 elements where 48 are needed", "convolution's weights",
            graph => WithDot(graph, SmallModel.Conv, dot => dot with { Weights = dot.Weights[1..] })),
        Case("PQS0206", "the weights has 15 elements where 16 are needed", "depthwise weights",
            graph => WithDot(graph, SmallModel.Depthwise, dot => dot with { Weights = dot.Weights[1..] })),
        Case("PQS0206", "the weights has 61 elements where 60 are needed", "matrix weights",
            graph => WithDot(graph, SmallModel.FullyConnected, dot => dot with { Weights = dot.Weights.Add(0) })),
        Case("PQS0206", "the requantization has 3 elements where 4 are needed", "requantizations",
            graph => WithDot(graph, SmallModel.Conv, dot => dot with { Requantizations = dot.Requantizations[1..] })),
        .. from factor in new Requantization[] { new((1 << 30) - 1, 0), new(-1, 0), new(int.MinValue, 0), new(1 << 30, 31), new(1 << 30, -32), new(0, 1), new(0, -1), new(1 << 30, int.MaxValue), new(1 << 30, int.MinValue) }
           select Case("PQS0207", $"the requantization of channel 1 is multiplier {factor.Multiplier}, shift {factor.Shift}", $"{factor}",
               graph => WithDot(graph, SmallModel.Conv, dot => dot with { Requantizations = dot.Requantizations.SetItem(1, factor) })),
        Case("PQS0207", "shift 1", "sum's first factor",
            graph => WithOperator<Add>(graph, SmallModel.Add, add => add with { First = new Requantization(1 << 30, 1) })),
        Case("PQS0207", "shift 1", "sum's second factor",
            graph => WithOperator<Add>(graph, SmallModel.Add, add => add with { Second = new Requantization(1 << 30, 1) })),
        Case("PQS0207", "shift 0", "sum's output factor",
            graph => WithOperator<Add>(graph, SmallModel.Add, add => add with { Output = new Requantization(1 << 30, 0) })),
        .. from accumulator in new Accumulator[] { new(7, Schedule.Natural), new(33, Schedule.Natural), new(0, Schedule.Natural), new(-8, Schedule.Natural), new(31, Schedule.Wide), new(16, Schedule.Wide) }
           select Case("PQS0208", $"an accumulator of {accumulator.Bits} bits with schedule {accumulator.Schedule} is not possible", $"{accumulator}",
               graph => WithDot(graph, SmallModel.FullyConnected, dot => dot with { Accumulator = accumulator })),
        Case("PQS0209", "the output range 5..4 is empty", "convolution's range",
            graph => WithDot(graph, SmallModel.Conv, dot => dot with { OutputRange = new OutputRange(5, 4) })),
        Case("PQS0209", "the output range 5..4 is empty", "sum's range",
            graph => WithOperator<Add>(graph, SmallModel.Add, add => add with { OutputRange = new OutputRange(5, 4) })),
        Case("PQS0209", "the output range 5..4 is empty", "pool's range",
            graph => WithOperator<MaxPool2D>(graph, SmallModel.MaxPool, pool => pool with { OutputRange = new OutputRange(5, 4) })),
        .. from quantization in new Quantization[] { new(0, 0), new(-1, 0), new(float.NaN, 0), new(float.PositiveInfinity, 0), new(1, 128), new(1, -129) }
           select Case("PQS0210", "tensor 'conv' has scale ", $"{quantization}",
               graph => WithTensor(graph, 2, tensor => tensor with { Quantization = quantization })),
        .. from axis in new WindowAxis[]
           {
               new(0, 1, 1, 0, 0), new(-1, 1, 1, 0, 0), new(2, 0, 1, 0, 0), new(2, 1, 0, 0, 0), new(2, 1, 1, -1, 0), new(2, 1, 1, 0, -1), new(2, 1, 1, 2, 0),
               new(2, 1, 1, 0, 2), new(9, 1, 1, 0, 0), new((1 << 26) + 1, 1, 1, 1 << 25, 1 << 25), new(int.MaxValue, 1, int.MaxValue, 0, 0),
           }
           from node in new[] { SmallModel.Conv, SmallModel.Depthwise, SmallModel.MaxPool }
           select Case("PQS0211", $"horizontal kernel {axis.Kernel}, stride {axis.Stride}", $"{node} {axis}",
               graph => WithWindow(graph, node, window => window with { Horizontal = axis })),
        Case("PQS0211", "vertical kernel 2, stride 1, dilation 2, padding 2+0", "pool's window in the padding", _ => PoolInPadding()),
        Case("PQS0212", "channel 2: the sum of up to 2147483647", "bias",
            graph => WithDot(graph, SmallModel.Conv,
                dot => dot with { Bias = dot.Bias.SetItem(2, int.MaxValue), Weights = [.. new sbyte[48]] })),
        Case("PQS0212", "channel 2: the sum of up to 2147483648", "smallest bias",
            graph => WithDot(graph, SmallModel.Conv,
                dot => dot with { Bias = dot.Bias.SetItem(2, int.MinValue), Weights = [.. new sbyte[48]] })),
        Case("PQS0213", "the graph has no input", "input", graph => graph with { Inputs = [] }),
        Case("PQS0213", "the graph has no node", "node", graph => graph with { Nodes = [] }),
        Case("PQS0213", "the graph has no output", "output", graph => graph with { Outputs = [] }),
        Case("PQS0214", "graph output 'input' is not written by a node", "input as output", graph => graph with { Outputs = [9, 0] }),
        Case("PQS0214", "graph output 'probabilities'", "output twice", graph => graph with { Outputs = [9, 9] }),
        .. from node in new[] { SmallModel.MaxPool, SmallModel.AveragePool, SmallModel.Reshape, SmallModel.Pad }
           select Case("PQS0215", "and output zero point 77 differ", $"zero point {node}",
               graph => WithTensor(graph, node + 1, tensor => tensor with { Quantization = new Quantization(1, 77) })),
        Case("PQS0216", "the output's zero point is not -128", "softmax's zero point",
            graph => WithTensor(graph, 9, tensor => tensor with { Quantization = new Quantization(1f / 256, -127) })),
        Case("PQS0216", "the input's scale is out of range", "softmax's multiplier",
            graph => WithOperator<Softmax>(graph, SmallModel.Softmax, softmax => softmax with { InputMultiplier = 5 })),
        Case("PQS0216", "the input's scale is out of range", "softmax's shift",
            graph => WithOperator<Softmax>(graph, SmallModel.Softmax, softmax => softmax with { InputLeftShift = 31 })),
        Case("PQS0216", "the input's scale is out of range", "softmax's negative shift",
            graph => WithOperator<Softmax>(graph, SmallModel.Softmax, softmax => softmax with { InputLeftShift = -1 })),
        Case("PQS0216", "the smallest difference is out of range", "softmax's positive difference",
            graph => WithOperator<Softmax>(graph, SmallModel.Softmax, softmax => softmax with { MinimumDifference = 1 })),
        Case("PQS0216", "the smallest difference is out of range", "softmax's difference that overflows",
            graph => WithOperator<Softmax>(graph, SmallModel.Softmax, softmax => softmax with { InputLeftShift = 30, MinimumDifference = -2 })),
        Case("PQS0217", "nodes are 4097; the limit is 4096", "nodes",
            _ => Lengthened(InterpreterTests.Import(RefusalCases.Chain(1, 1)), 4096)),
        Case("PQS0218", "the operator has 2 inputs where 1 are needed", "two inputs",
            graph => WithNode(graph, SmallModel.Conv, node => node with { Inputs = [1, 1] })),
        Case("PQS0218", "the operator has 1 inputs where 2 are needed", "one addend",
            graph => WithNode(graph, SmallModel.Add, node => node with { Inputs = [2] })),
        Case("PQS0218", "the operator has 0 inputs where 1 are needed", "no input",
            graph => WithNode(graph, SmallModel.Conv, node => node with { Inputs = [] })),
    ];

    [TestCaseSource(nameof(Broken))]
    public void A_broken_invariant_is_named(string id, string message, Func<Graph, Graph> change)
    {
        var diagnostics = new DiagnosticBag();
        Assert.That(GraphVerifier.Verify(change(InterpreterTests.Import(SmallModel.Builder())), diagnostics), Is.False);
        Assert.That(diagnostics.ToImmutable().Select(d => $"{d.Descriptor.Id} {d.Message}"), Has.Some.StartsWith(id).And.Some.Contains(message));
        Assert.That(diagnostics.ToImmutable()[0].Descriptor.Id, Is.EqualTo(id));
    }

    [Test]
    public void Every_invariant_has_a_case()
    {
        var ids = typeof(DiagnosticDescriptors).GetFields().Select(field => ((DiagnosticDescriptor)field.GetValue(null)!).Id)
            .Where(id => id.StartsWith("PQS02", StringComparison.Ordinal) && id != DiagnosticDescriptors.ValueNotFinite.Id);
        Assert.That(Broken.Select(data => data.Arguments[0]).Distinct(), Is.EquivalentTo(ids));
    }

    /// <summary>The largest |v| · 2^(shift + 1) that fits, and one more; below shift -20, the largest |v| below 2^30.</summary>
    [TestCase(-31, (1 << 30) - 1)]
    [TestCase(-21, (1 << 30) - 1)]
    [TestCase(-20, int.MaxValue - 511)]
    [TestCase(-1, int.MaxValue - 511)]
    [TestCase(0, (int.MaxValue - 511) / 2)]
    [TestCase(5, (int.MaxValue - 511) / 64)]
    [TestCase(29, 1)]
    [TestCase(30, 0)]
    public void Values_are_bounded_by_the_shift(int shift, int largest)
    {
        var graph = InterpreterTests.Import(SmallModel.Builder());
        var diagnostics = new DiagnosticBag();
        Assert.That(GraphVerifier.Verify(Biased(largest), diagnostics), Is.True, string.Join('\n', diagnostics.ToImmutable()));
        Assert.That(GraphVerifier.Verify(Biased(-largest), diagnostics), Is.True);
        Assert.That(GraphVerifier.Verify(Biased(largest + 1), diagnostics), Is.False);
        Assert.That(diagnostics.ToImmutable().Single().Descriptor.Id, Is.EqualTo("PQS0212"));

        Graph Biased(int bias) => WithDot(graph, SmallModel.Conv, dot => dot with
        {
            Weights = [.. new sbyte[48]],
            Bias = [0, 0, 0, bias],
            Requantizations = [default, default, default, new Requantization(int.MaxValue, shift)],
        });
    }

    /// <summary>256 · 128 for each of the 12 weights of a channel, whatever their signs.</summary>
    [Test]
    public void Weights_count_with_their_largest_product()
    {
        var graph = InterpreterTests.Import(SmallModel.Builder());
        Assert.That(GraphVerifier.Verify(Biased(0), new DiagnosticBag()), Is.True);
        Assert.That(GraphVerifier.Verify(Biased(1), new DiagnosticBag()), Is.False);

        Graph Biased(int more) => WithDot(graph, SmallModel.Conv, dot => dot with
        {
            Weights = [.. Enumerable.Repeat<sbyte>(-128, 48)],
            Bias = [0, int.MaxValue - 511 - (12 * 128 * 256) + more, 0, 0],
            Requantizations = [.. Enumerable.Repeat(new Requantization(1 << 30, -5), 4)],
        });
    }

    private static TestCaseData Case(string id, string message, string name, Func<Graph, Graph> change) =>
        new TestCaseData(id, message, change).SetArgDisplayNames(id, name);

    private static Graph WithTensor(Graph graph, int id, Func<Tensor, Tensor> change, Func<Graph, Graph>? further = null)
    {
        var changed = graph with { Tensors = graph.Tensors.SetItem(id, change(graph.Tensors[id])) };
        return further == null ? changed : further(changed);
    }

    private static Graph WithNode(Graph graph, int index, Func<Node, Node> change) => graph with { Nodes = graph.Nodes.SetItem(index, change(graph.Nodes[index])) };

    private static Graph WithOperator<T>(Graph graph, int index, Func<T, Operator> change)
        where T : Operator => WithNode(graph, index, node => node with { Operator = change((T)node.Operator) });

    private static Graph WithDot(Graph graph, int index, Func<DotProductOperator, DotProductOperator> change) => WithOperator(graph, index, change);

    private static Graph WithWindow(Graph graph, int index, Func<Window, Window> change) => WithOperator<Operator>(graph, index, @operator => @operator switch
    {
        Conv2D conv => conv with { Window = change(conv.Window) },
        DepthwiseConv2D depthwise => depthwise with { Window = change(depthwise.Window) },
        Pool2D pool => pool with { Window = change(pool.Window) },
        _ => throw new ArgumentException("The operator has no window.", nameof(index)),
    });

    private static Graph Lengthened(Graph graph, int more) => graph with
    {
        Tensors = [.. graph.Tensors, .. Enumerable.Repeat(graph.Tensors[1], more)],
        Nodes = [.. graph.Nodes, .. Enumerable.Range(1, more).Select(i => graph.Nodes[0] with { Inputs = [i], Output = i + 1 })],
        Outputs = [more + 1],
    };

    /// <summary>Pooling knows no dilation, so two taps that begin two before the only pixel lie in the padding alone.</summary>
    private static Graph PoolInPadding()
    {
        var builder = new ModelBuilder();
        builder.Output(builder.MaxPool2D(builder.AddInput([1, 1, 1, 1], 1, 0), 1, 1));
        return WithWindow(InterpreterTests.Import(builder), 0, window => window with { Vertical = new WindowAxis(2, 1, 2, 2, 0) });
    }

    private static Graph LargePool()
    {
        var builder = new ModelBuilder();
        builder.Output(builder.MaxPool2D(builder.AddInput([1, 1 << 12, 1 << 11, 1], 1, 0), 1, 1));
        var graph = InterpreterTests.Import(builder);
        graph = WithTensor(graph, 1, tensor => tensor with { Shape = new Shape(1, 1, 1, 1) });
        return WithWindow(graph, 0, _ => new Window(WindowAxis.Valid(1 << 12, 1, 1), WindowAxis.Valid(1 << 11, 1, 1)));
    }
}
