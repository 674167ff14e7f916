using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Statistics;

/// <summary>The literals of an emitted layer, by the names that the loops in templates/csharp know them by.</summary>
internal static class LayerConstants
{
    public static IEnumerable<(string Name, int Value)> Of(Graph graph, Node node)
    {
        var (input, output) = (graph.Tensors[node.Inputs[0]], graph.Tensors[node.Output]);
        return node.Operator switch
        {
            Conv2D conv => [.. DotProduct(conv, input, output), .. Image(conv.Window, input, output)],
            DepthwiseConv2D depthwise =>
            [
                .. DotProduct(depthwise, input, output),
                .. Image(depthwise.Window, input, output),
                ("DepthMultiplier", depthwise.DepthMultiplier),
                ("RowSize", LayerTables.BlockCount(depthwise.OutputChannels) * LayerTables.Lanes),
            ],
            FullyConnected connected => [.. DotProduct(connected, input, output), ("Rows", input.Shape.ElementCount / connected.InputSize)],
            Pool2D pool => [.. Image(pool.Window, input, output), ("Channels", input.Shape[3]), .. Clamp(pool.OutputRange)],
            Add add => Sum(add, input, graph.Tensors[node.Inputs[1]], output),
            Softmax softmax =>
            [
                ("Rows", input.Shape.ElementCount / input.Shape[input.Shape.Rank - 1]),
                ("Depth", input.Shape[input.Shape.Rank - 1]),
                ("InputMultiplier", softmax.InputMultiplier),
                ("InputLeftShift", softmax.InputLeftShift),
                ("MinimumDifference", softmax.MinimumDifference),
            ],
            Pad pad => Frame(pad, input, output),
            _ => [],
        };
    }

    private static IEnumerable<(string Name, int Value)> DotProduct(DotProductOperator dot, Tensor input, Tensor output)
    {
        IEnumerable<(string, int)> sorted = dot.Accumulator.Schedule is Schedule.Sorted schedule
            ? [("Rounds", schedule.Rounds ?? int.MaxValue), ("Tile", Math.Min(schedule.Tile ?? int.MaxValue, dot.ProductCount))]
            : [];
        return
        [
            ("Depth", dot.ProductCount),
            ("ColumnSize", LayerTables.ColumnSize(dot)),
            ("Channels", dot.OutputChannels),
            ("Blocks", LayerTables.BlockCount(dot.OutputChannels)),
            ("InputZeroPoint", input.Quantization.ZeroPoint),
            ("OutputZeroPoint", output.Quantization.ZeroPoint),
            .. Clamp(dot.OutputRange),
            ("Minimum", dot.Accumulator.Minimum),
            ("Maximum", dot.Accumulator.Maximum),
            .. sorted,
        ];
    }

    private static IEnumerable<(string Name, int Value)> Image(Window window, Tensor input, Tensor output) =>
    [
        ("Batches", input.Shape[0]),
        ("InputHeight", input.Shape[1]),
        ("InputWidth", input.Shape[2]),
        ("InputChannels", input.Shape[3]),
        ("OutputHeight", output.Shape[1]),
        ("OutputWidth", output.Shape[2]),
        ("KernelHeight", window.Vertical.Kernel),
        ("KernelWidth", window.Horizontal.Kernel),
        ("StrideHeight", window.Vertical.Stride),
        ("StrideWidth", window.Horizontal.Stride),
        ("DilationHeight", window.Vertical.Dilation),
        ("DilationWidth", window.Horizontal.Dilation),
        ("PaddingTop", window.Vertical.PadBefore),
        ("PaddingLeft", window.Horizontal.PadBefore),
    ];

    private static IEnumerable<(string Name, int Value)> Sum(Add add, Tensor first, Tensor second, Tensor output) =>
    [
        ("Count", output.Shape.ElementCount),
        ("LeftShift", Add.LeftShift),
        ("FirstZeroPoint", first.Quantization.ZeroPoint),
        ("FirstMultiplier", add.First.Multiplier),
        ("FirstShift", add.First.Shift),
        ("SecondZeroPoint", second.Quantization.ZeroPoint),
        ("SecondMultiplier", add.Second.Multiplier),
        ("SecondShift", add.Second.Shift),
        ("OutputMultiplier", add.Output.Multiplier),
        ("OutputShift", add.Output.Shift),
        ("OutputZeroPoint", output.Quantization.ZeroPoint),
        .. Clamp(add.OutputRange),
    ];

    /// <summary>A tensor of fewer than four dimensions gets leading ones.</summary>
    private static IEnumerable<(string Name, int Value)> Frame(Pad pad, Tensor input, Tensor output)
    {
        var missing = Pad.MaximumRank - input.Shape.Rank;
        for (var axis = 0; axis < Pad.MaximumRank; axis++)
        {
            var isThere = axis >= missing;
            yield return ($"Size{axis}", isThere ? input.Shape[axis - missing] : 1);
            yield return ($"OutputSize{axis}", isThere ? output.Shape[axis - missing] : 1);
            yield return ($"Before{axis}", isThere ? pad.Before[axis - missing] : 0);
        }

        yield return ("ZeroPoint", input.Quantization.ZeroPoint);
    }

    private static IEnumerable<(string Name, int Value)> Clamp(OutputRange range) => [("Lowest", range.Minimum), ("Highest", range.Maximum)];
}
