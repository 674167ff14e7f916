using System.Collections.Immutable;
using Pqs.Codegen.Analysis;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// The literal loops of narrow accumulators: int16_t, saturating at P bits, in the order of the schedule. They make no assumption about the
/// weights or the input, but for the partitioned form of <c>alternating</c>, which needs an input that cannot go below its zero point.
/// </summary>
internal sealed class NarrowKernel : IKernel
{
    /// <summary>The widest accumulator that an int16_t holds.</summary>
    public const int MaximumBits = 16;

    public IEnumerable<KernelCall> Lower(LayerContext layer)
    {
        if (layer.Node.Operator is not DotProductOperator { Accumulator: { Bits: <= MaximumBits } accumulator } dot || dot.ProductCount > ushort.MaxValue)
        {
            return [];
        }

        // The exact sum that is saturated once has no loop here, unless no order of additions leaves the accumulator.
        if (accumulator.Schedule is Schedule.ExactSchedule or Schedule.BoundedSchedule && layer.ProofAt(accumulator.Bits) != Proof.AnyOrder)
        {
            return [];
        }

        return ((NarrowWeights?[])[Partition(layer, dot), NarrowWeights.Store(dot)]).OfType<NarrowWeights>().Select(weights => Create(layer, dot, weights));
    }

    private static KernelCall Create(LayerContext layer, DotProductOperator dot, NarrowWeights weights)
    {
        var accumulator = dot.Accumulator;
        var sorted = accumulator.Schedule as Schedule.Sorted;
        var terms = Math.Clamp(layer.Bounds.Max(channel => channel.NonZeroWeights), 1, sorted?.Tile ?? int.MaxValue);

        // pqs_kernels.h, "Scratch of kernels that take pqs_narrow_params": a depthwise position has a column for each input channel.
        var column = sizeof(short) * dot.ProductCount;
        var columns = column * ((dot as DepthwiseConv2D)?.InputChannels ?? 1);
        var (name, scratch) = accumulator.Schedule switch
        {
            Schedule.AlternatingSchedule when weights.Counts != null => ("alternating_partitioned", columns),
            Schedule.AlternatingSchedule => ("alternating", columns + column),
            Schedule.Sorted => ("sorted", columns + (2 * sizeof(short) * terms)),
            _ => ("natural", columns),
        };
        return new KernelCall(
            $"pqs_{OperatorName(dot)}_{name}",
            "pqs_narrow_params",
            [
                .. weights.Fields(),
                .. Constants(dot).Select(KernelField.TableAddress),
                .. Geometry(layer, dot),
                KernelField.Number("input_zero_point", layer.Input.Quantization.ZeroPoint),
                KernelField.Number("output_zero_point", layer.Output.Quantization.ZeroPoint),
                .. ConvolutionFields.Clamp(dot.OutputRange),
                KernelField.Number("rounding", dot.Rounding == Rounding.Double ? 0 : 1),
                KernelField.Number("accumulator_bits", accumulator.Bits),
                KernelField.Number("rounds", sorted?.Rounds ?? 0),
                KernelField.Number("tile", sorted?.Tile ?? 0),
            ],
            [.. weights.Tables(), .. Constants(dot)],
            scratch)
        {
            Work = Work($"{OperatorName(dot)}_{name}{weights.Form}", layer, dot, weights, terms),
        };
    }

    private static KernelWork Work(string name, LayerContext layer, DotProductOperator dot, NarrowWeights weights, int terms)
    {
        var pixels = DotProductWork.Pixels(layer, dot);
        double products = (double)pixels * layer.Bounds.Sum(channel => channel.NonZeroWeights);
        return DotProductWork.Create(
            name,
            layer,
            dot,
            saturates: false,
            ("product", products),
            ("stored", (double)pixels * weights.Weights.Values.Length),
            ("comparison", dot.Accumulator.Schedule is Schedule.Sorted ? products * Math.Log2(terms) : 0),
            ("gathered", (double)pixels * dot.ProductCount * ((dot as DepthwiseConv2D)?.InputChannels ?? 1)));
    }

    /// <summary>Weights by sign, for an input that cannot go below its zero point.</summary>
    private static NarrowWeights? Partition(LayerContext layer, DotProductOperator dot) =>
        dot.Accumulator.Schedule == Schedule.Alternating && layer.InputRange.Minimum >= layer.Input.Quantization.ZeroPoint ? NarrowWeights.Partition(dot) : null;

    private static string OperatorName(DotProductOperator dot) => dot switch
    {
        Conv2D => "conv2d",
        DepthwiseConv2D => "depthwise_conv2d",
        _ => "fully_connected",
    };

    private static ImmutableArray<ConstantTable> Constants(DotProductOperator dot) =>
    [
        ConstantTable.Int32("bias", dot.Bias),
        ConstantTable.Int32("multipliers", dot.Requantizations.Select(factor => factor.Multiplier)),
        ConstantTable.Int8("shifts", dot.Requantizations.Select(factor => factor.Shift)),
    ];

    private static IEnumerable<KernelField> Geometry(LayerContext layer, DotProductOperator dot)
    {
        var (input, output) = (layer.Input.Shape, layer.Output.Shape);
        if (dot is FullyConnected fullyConnected)
        {
            return
            [
                KernelField.Number("batches", input.ElementCount / fullyConnected.InputSize),
                KernelField.Number("input_channels", fullyConnected.InputSize),
                KernelField.Number("output_channels", fullyConnected.OutputChannels),
            ];
        }

        var window = dot is DepthwiseConv2D depthwise ? depthwise.Window : ((Conv2D)dot).Window;
        return
        [
            KernelField.Number("batches", input[0]),
            KernelField.Number("input_height", input[1]),
            KernelField.Number("input_width", input[2]),
            KernelField.Number("input_channels", input[3]),
            KernelField.Number("depth_multiplier", (dot as DepthwiseConv2D)?.DepthMultiplier ?? 1),
            KernelField.Number("output_height", output[1]),
            KernelField.Number("output_width", output[2]),
            KernelField.Number("output_channels", output[3]),
            .. ConvolutionFields.Kernel(window),
            .. ConvolutionFields.Stride(window),
            .. ConvolutionFields.Dilation(window),
            .. ConvolutionFields.Padding(window),
        ];
    }
}
