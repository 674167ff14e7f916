using System.Collections.Immutable;
using CsCheck;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.Bench;
using Pqs.Tests.Codegen;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Calibration;

/// <summary>Layers of many sizes, each with an input and an output of its own, on which one kernel is measured.</summary>
/// <param name="Kernels">Names in cost tables of the kernels that are to compute them, of which each layer has one.</param>
/// <param name="Graph">The layers.</param>
internal sealed record CalibrationNetwork(ImmutableArray<string> Kernels, Graph Graph)
{
    private static readonly ImmutableArray<LayerShape> Convolutions =
    [
        Convolution(8, 8, 16, 16, 3), Convolution(16, 16, 3, 8, 3), Convolution(5, 5, 32, 32, 3), Convolution(10, 10, 8, 8, 3), Convolution(4, 4, 64, 24, 3),
        Convolution(3, 3, 40, 12, 3), Convolution(6, 6, 4, 16, 5), Convolution(9, 9, 12, 8, 3), Convolution(12, 12, 8, 4, 3), Convolution(2, 5, 16, 33, 3),
        Convolution(1, 1, 64, 32, 3), Convolution(20, 2, 20, 20, 3), Convolution(32, 32, 16, 16, 3), Convolution(16, 16, 32, 32, 3), Convolution(8, 8, 64, 64, 3),
        Convolution(12, 5, 64, 16, 1), Convolution(7, 9, 24, 20, 1), Convolution(1, 1, 64, 32, 1), Convolution(2, 2, 128, 24, 1), Convolution(13, 4, 20, 33, 1),
        Convolution(8, 8, 48, 10, 1), Convolution(4, 4, 16, 64, 1), Convolution(10, 10, 32, 8, 1), Convolution(6, 6, 100, 12, 1), Convolution(3, 5, 8, 8, 1),
        Convolution(25, 5, 64, 64, 1),
    ];

    private static readonly ImmutableArray<LayerShape> Depthwise =
    [
        Planes(25, 5, 64, 3), Planes(16, 16, 8, 3), Planes(6, 6, 32, 3), Planes(10, 10, 3, 3), Planes(5, 7, 24, 3), Planes(3, 3, 100, 3), Planes(20, 20, 4, 3),
        Planes(9, 9, 16, 5), Planes(6, 12, 8, 5), Planes(1, 1, 32, 3), Planes(8, 8, 12, 2), Planes(14, 14, 6, 7), Planes(2, 8, 40, 3), Planes(5, 5, 30, 4),
    ];

    private static readonly ImmutableArray<LayerShape> Matrices =
    [
        Matrix(640, 128), Matrix(128, 128), Matrix(64, 12), Matrix(256, 32), Matrix(32, 20), Matrix(100, 64), Matrix(512, 16), Matrix(16, 100), Matrix(48, 8),
        Matrix(200, 24), Matrix(72, 36), Matrix(320, 60), Matrix(8, 64), Matrix(400, 8),
    ];

    private static readonly LayerWeights Dense = new("dense", 8, 1, 1, 1);

    private static readonly ImmutableArray<(Schedule Schedule, string Name)> Loops =
    [
        (Schedule.Natural, "natural"), (Schedule.Alternating, "alternating"), (Schedule.Alternating, "alternating_partitioned"), (new Schedule.Sorted(null, null), "sorted"),
    ];

    public static ImmutableArray<CalibrationNetwork> All { get; } =
    [
        .. ((string[])["conv2d_blocks", "conv2d_im2col", "fully_connected"]).Select(kernel => Exact(Dense, kernel)),
        Of(["conv2d_1x1"], Dense, [.. Convolutions.Where(shape => shape.Kernel == 1)], Sums),
        Of(["depthwise_conv2d", "depthwise_conv2d_3x3"], Dense, Depthwise, Sums),
        Of(["depthwise_conv2d_packed", "depthwise_conv2d_packed_3x3"], new("2:4, 6 bits", 6, 2, 4, 1), Depthwise, Sums),
        Exact(new("2:4, 6 bits", 6, 2, 4, 1), "conv2d_packed"),
        Exact(new("1:4, 5 bits", 5, 1, 4, 1), "conv2d_packed"),
        Exact(new("1:8, 4 bits", 4, 1, 8, 1), "conv2d_packed_any"),
        Exact(new("4:16, 4 bits", 4, 4, 16, 1), "conv2d_packed_any"),
        Exact(new("4:8, 6 bits", 6, 4, 8, 1), "conv2d_packed_gaps"),
        Exact(new("1:8, 5 bits", 5, 1, 8, 1), "conv2d_packed_gaps"),
        Exact(new("2:4, 8 bits", 8, 2, 4, 1), "conv2d_packed_wide_gaps"),
        Exact(new("1:8, 8 bits", 8, 1, 8, 1), "conv2d_packed_wide_gaps"),
        Exact(new("2:4, 8 bits", 8, 2, 4, 1), "conv2d_packed_wide"),
        Exact(new("2:16, 8 bits", 8, 2, 16, 1), "conv2d_packed_wide_any"),
        Exact(new("2:4, 6 bits", 6, 2, 4, 1), "conv2d_pairs"),
        Exact(new("2:4, 8 bits", 8, 2, 4, 1), "conv2d_pairs_wide"),
        Exact(new("2:4, 6 bits", 6, 2, 4, 1), "fully_connected_sparse"),
        Exact(new("2:4, 8 bits", 8, 2, 4, 1), "fully_connected_sparse_masked"),
        Exact(new("2:4, 6 bits", 6, 2, 4, 1), "fully_connected_pairs"),
        .. ((string[])["", "_quads", "_rows"]).Select(storage => Exact(new("2:4 shared by 4, 6 bits", 6, 2, 4, 4), "fully_connected_packed" + storage)),
        .. ((string[])["_by2", "_rows_by2"]).Select(storage => Exact(new("2:4 shared by 2, 6 bits", 6, 2, 4, 2), "fully_connected_packed" + storage)),
        .. from loop in Loops
           from weights in (LayerWeights[])[new("dense, 5 bits", 5, 1, 1, 1), new("2:4, 5 bits", 5, 2, 4, 1), new("2:4, 8 bits", 8, 2, 4, 1)]
           select Literal(weights, loop.Schedule, loop.Name),
        Others(),
    ];

    /// <summary>One of the layers as a network.</summary>
    public Graph Layer(Node node) => Graph with
    {
        Tensors = [.. node.Inputs.Append(node.Output).Select(tensor => Graph.Tensors[tensor])],
        Nodes = [node with { Inputs = [.. Enumerable.Range(0, node.Inputs.Length)], Output = node.Inputs.Length }],
        Inputs = [.. Enumerable.Range(0, node.Inputs.Length)],
        Outputs = [node.Inputs.Length],
    };

    /// <summary>Layers of a kernel for exact sums: by turns as they are with either rounding, and saturated.</summary>
    private static CalibrationNetwork Exact(LayerWeights weights, string kernel) => Of(
        [kernel],
        weights,
        kernel.StartsWith("conv", StringComparison.Ordinal) ? Convolutions : Matrices,
        Sums);

    private static DotProductOperator Sums(DotProductOperator dot, int index) => dot with
    {
        Rounding = index % 3 == 0 ? Rounding.Double : Rounding.Single,
        Accumulator = index % 3 == 2 ? new Accumulator(12, Schedule.Exact) : Accumulator.Wide,
    };

    /// <summary>Layers of an order of additions.</summary>
    private static CalibrationNetwork Literal(LayerWeights weights, Schedule schedule, string name)
    {
        ImmutableArray<LayerShape> shapes =
        [
            .. Convolutions.Where((_, index) => index % 3 == 0), .. Depthwise.Where((_, index) => index % 3 == 0), .. Matrices.Where((_, index) => index % 3 == 1),
        ];
        return Of(
            [
                .. from layer in (string[])["conv2d", "depthwise_conv2d", "fully_connected"]
                   from form in (string[])["", "_coded", "_masked"]
                   select $"{layer}_{name}{form}",
            ],
            weights,
            shapes,
            (dot, index) => dot with { Rounding = index % 2 == 0 ? Rounding.Double : Rounding.Single, Accumulator = new Accumulator(16, schedule) });
    }

    private static CalibrationNetwork Of(
        ImmutableArray<string> kernels, LayerWeights weights, ImmutableArray<LayerShape> shapes, Func<DotProductOperator, int, DotProductOperator> change)
    {
        // Twice, so that the turns of the change meet each shape in two forms.
        ImmutableArray<LayerShape> all = [.. shapes, .. shapes.Length % 3 == 0 ? shapes.Skip(1) : shapes];
        var graph = weights.Network(all);
        return new CalibrationNetwork(
            kernels,
            graph with
            {
                Name = string.Join(" and ", kernels),
                Nodes = [.. graph.Nodes.Select((node, index) => node with { Operator = change((DotProductOperator)node.Operator, index) })],
            });
    }

    /// <summary>Layers that are no dot products.</summary>
    private static CalibrationNetwork Others()
    {
        var builder = new ModelBuilder();
        var outputs = new List<Activation>();
        foreach (var (height, width, channels) in ((int, int, int)[])[(8, 8, 16), (20, 20, 3), (5, 7, 24), (2, 2, 64), (12, 4, 10)])
        {
            Activation Input(int number) => builder.AddInput([1, height, width, channels], 1f / (50 + number), number);
            outputs.Add(builder.Add(Input(1), Input(2), new Result(1f / 20, 0)));
            outputs.Add(builder.MaxPool2D(Input(3), 2, 2, new Steps(PaddingKind.Same, 2, 2)));
            outputs.Add(builder.AveragePool2D(Input(4), 2, 2, new Steps(PaddingKind.Same, 2, 2)));
            outputs.Add(builder.MaxPool2D(Input(5), Math.Min(3, height), Math.Min(3, width), new Steps(PaddingKind.Valid, 1, 1)));
            outputs.Add(builder.AveragePool2D(Input(6), height, width));
            outputs.Add(builder.Softmax(builder.AddInput([width, channels], 1f / 16, 0)));
            outputs.Add(builder.Pad(Input(7), [0, 1, 1, 0], [0, 1, 2, 0]));
        }

        return new CalibrationNetwork(
            ["add", "max_pool_2d", "average_pool_2d", "softmax", "pad"], Graphs.Import(builder.Output([.. outputs])));
    }

    private static LayerShape Convolution(int height, int width, int inputs, int outputs, int kernel) =>
        new("", LayerKind.Convolution, new(1, height, width, inputs), outputs, kernel, ImmutableDictionary<string, double>.Empty);

    private static LayerShape Planes(int height, int width, int channels, int kernel) =>
        new("", LayerKind.Depthwise, new(1, height, width, channels), channels, kernel, ImmutableDictionary<string, double>.Empty);

    private static LayerShape Matrix(int inputs, int outputs) =>
        new("", LayerKind.Matrix, new(1, inputs), outputs, 0, ImmutableDictionary<string, double>.Empty);
}
