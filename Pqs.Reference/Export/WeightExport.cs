using System.Collections.Immutable;
using Pqs.Reference.Import.Onnx.Quantized;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;
using ElementType = Pqs.Reference.Onnx.TensorProto.Types.DataType;

namespace Pqs.Reference.Export;

/// <summary>Writes the constants of a dot-product operator as dequantized integers.</summary>
internal static class WeightExport
{
    private const int Int4Bits = 4;

    /// <summary>True where four bits hold every weight.</summary>
    public static bool IsInt4(DotProductOperator @operator) => LayerMetadata.BitsOf(@operator.Weights) <= Int4Bits;

    /// <summary>The weights: output channel first, then input channel, kernel row, kernel column; of a matrix output channel and input.</summary>
    public static string Weights(OnnxGraphBuilder builder, DotProductOperator @operator, string name)
    {
        var (dimensions, weights) = @operator switch
        {
            Conv2D conv => Filter(conv, conv.Window, conv.InputChannels),
            DepthwiseConv2D depthwise => Filter(depthwise, depthwise.Window, 1),
            _ => ([@operator.OutputChannels, @operator.ProductCount], @operator.Weights.ToArray()),
        };
        var integers = IsInt4(@operator)
            ? builder.Constant<byte>($"{name}_weights", ElementType.Int4, dimensions, Packed(weights))
            : builder.Constant<sbyte>($"{name}_weights", ElementType.Int8, dimensions, weights);
        var scale = Scales(builder, $"{name}_weights_scale", @operator.WeightScales);
        return Dequantize(builder, integers, scale, $"{name}_weights", @operator.WeightScales.Length > 1);
    }

    /// <summary>The bias, in units of input scale times weight scale; null where all of it is 0.</summary>
    public static string? Bias(OnnxGraphBuilder builder, DotProductOperator @operator, float inputScale, string name)
    {
        if (@operator.Bias.All(bias => bias == 0))
        {
            return null;
        }

        var integers = builder.Int32s($"{name}_bias", @operator.Bias);
        var scale = Scales(builder, $"{name}_bias_scale", [.. @operator.WeightScales.Select(scale => ScaleFactors.OfBias(inputScale, scale))]);
        return Dequantize(builder, integers, scale, $"{name}_bias", @operator.WeightScales.Length > 1);
    }

    private static string Scales(OnnxGraphBuilder builder, string name, ImmutableArray<float> scales) =>
        scales.Length == 1 ? builder.Float(name, scales[0]) : builder.Floats(name, scales);

    private static string Dequantize(OnnxGraphBuilder builder, string integers, string scale, string name, bool isPerChannel) => isPerChannel
        ? builder.Node("DequantizeLinear", [integers, scale], $"{name}_dequantized", OnnxGraphBuilder.Integer("axis", 0))
        : builder.Node("DequantizeLinear", [integers, scale], $"{name}_dequantized");

    private static (ImmutableArray<int> Dimensions, sbyte[] Weights) Filter(DotProductOperator @operator, Window window, int inputChannels)
    {
        var (height, width) = (window.Vertical.Kernel, window.Horizontal.Kernel);
        var weights = new sbyte[@operator.Weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var (tap, rest) = (i % (height * width), i / (height * width));
            var (input, channel) = (rest % inputChannels, rest / inputChannels);
            weights[i] = @operator.Weight(channel, (tap * inputChannels) + input);
        }

        return ([@operator.OutputChannels, inputChannels, height, width], weights);
    }

    /// <summary>Two weights in a byte, the first in the low half.</summary>
    private static byte[] Packed(sbyte[] weights)
    {
        var packed = new byte[(weights.Length + 1) / 2];
        for (var i = 0; i < weights.Length; i++)
        {
            packed[i / 2] |= (byte)((weights[i] & 0xF) << (i % 2 * Int4Bits));
        }

        return packed;
    }
}
