using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Numerics;

namespace Pqs.Reference.Import.TfLite.Operators;

/// <summary>What every dot-product operator reads from its node: weights, bias, and one requantization for each output channel.</summary>
internal sealed record DotProductConstants(
    Shape WeightShape,
    ImmutableArray<sbyte> Weights,
    ImmutableArray<float> WeightScales,
    ImmutableArray<int> Bias,
    ImmutableArray<Requantization> Requantizations)
{
    /// <param name="node">Inputs 1 and 2 are weights and bias; the bias may be absent.</param>
    /// <param name="input">The input activation.</param>
    /// <param name="output">The output activation.</param>
    /// <param name="rank">Rank of the weights.</param>
    /// <param name="channelAxis">The dimension of the weights that counts output channels.</param>
    /// <param name="product">The scale of the products, from the input's scale, the weights', and whether those have one scale for all channels.</param>
    public static DotProductConstants? Read(
        SourceNode node, Tensor input, Tensor output, int rank, int channelAxis, Func<float, float, bool, double> product)
    {
        var (place, diagnostics) = (node.Place, node.Diagnostics);
        if (node.ReadInput(1, "weights") is not { } weights || weights.ReadShape(place, diagnostics) is not { } shape)
        {
            return null;
        }

        if (shape.Rank != rank)
        {
            diagnostics.Report(DiagnosticDescriptors.OperatorShapes, place, $"the weights are {shape}; {rank} dimensions are needed");
            return null;
        }

        var channels = shape[channelAxis];
        if (weights.ReadInt8("the weights", place, diagnostics) is not { } values
            || weights.ReadWeightScales(channels, channelAxis, place, diagnostics) is not { } scales
            || ReadBias(node, channels) is not { } bias
            || ReadRequantizations(node, scales, scale => product(input.Quantization.Scale, scale, weights.HasSingleScale) / output.Quantization.Scale)
                is not { } requantizations)
        {
            return null;
        }

        return new DotProductConstants(shape, values, weights.HasSingleScale ? scales[..1] : scales, bias, requantizations);
    }

    /// <summary>The scale of a convolution's products: TensorFlow Lite multiplies in double precision.</summary>
    public static double ConvolutionProduct(float input, float weights, bool isSingle) => (double)input * weights;

    /// <summary>
    /// The scale of a matrix's products: TensorFlow Lite multiplies in single precision where the weights have one scale, and in double precision where they
    /// have one for each channel.
    /// </summary>
    public static double MatrixProduct(float input, float weights, bool isSingle) => isSingle ? input * weights : (double)input * weights;

    private static ImmutableArray<int>? ReadBias(SourceNode node, int channels)
    {
        if (node.Inputs.Count <= 2 || node.Inputs[2] is not { } tensor)
        {
            return [.. new int[channels]];
        }

        if (tensor.ReadInt32("the bias", node.Place, node.Diagnostics) is not { } bias)
        {
            return null;
        }

        if (bias.Length != channels)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.ConstantLength, node.Place, "the bias", bias.Length, channels);
            return null;
        }

        return bias;
    }

    private static ImmutableArray<Requantization>? ReadRequantizations(SourceNode node, ImmutableArray<float> scales, Func<float, double> factor)
    {
        var requantizations = ImmutableArray.CreateBuilder<Requantization>(scales.Length);
        foreach (var scale in scales)
        {
            var real = factor(scale);
            if (!(scale > 0 && double.IsFinite(real) && real > 0) || MultiplierQuantization.Quantize(real) is not { } requantization)
            {
                node.Diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, node.Place, real, $"channel {requantizations.Count}");
                return null;
            }

            requantizations.Add(requantization);
        }

        return requantizations.MoveToImmutable();
    }
}
