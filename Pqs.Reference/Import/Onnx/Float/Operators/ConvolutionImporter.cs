using System.Collections.Immutable;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Convolution over two dimensions, dense, depthwise or in groups.</summary>
internal static class ConvolutionImporter
{
    /// <summary>Most weights that a convolution in groups may have when it is written as a dense one.</summary>
    public const int MaximumDenseWeights = 1 << 20;

    public static OnnxValue? Import(OnnxNodeReader node)
    {
        if (node.ReadActivation(0) is not { } value || node.ReadFloats(1, "the weights") is not { } weights)
        {
            return null;
        }

        if (weights.Sizes.Length != 4 || value.Sizes.Length != 4)
        {
            return node.RefuseShapes($"weights of [{string.Join('x', weights.Sizes)}] over {value.SizesText}; only two-dimensional convolutions are imported");
        }

        var (channels, groups) = (weights.Sizes[0], node.ReadInteger("group", 1));
        if (groups < 1 || weights.Floats.Length == 0 || groups * weights.Sizes[1] != value.Sizes[1] || channels % groups != 0)
        {
            return node.RefuseShapes($"weights of [{string.Join('x', weights.Sizes)}] in {groups} groups over {value.SizesText}");
        }

        if (ReadBias(node, channels) is not { } bias
            || WindowReader.Read(node, value, (weights.Sizes[2], weights.Sizes[3])) is not { } window
            || ImageReader.Read(node, value) is not { } image)
        {
            return null;
        }

        var inputs = value.Sizes[1];
        if (groups > 1 && groups == inputs)
        {
            return Emit(node, image, window, padding => new FloatDepthwiseConv2D(padding, inputs, channels / inputs)
            {
                Weights = Depthwise(weights),
                Bias = bias,
                Activation = FloatRange.None,
            });
        }

        var count = (long)weights.Floats.Length * groups;
        if (groups > 1 && count > MaximumDenseWeights)
        {
            return node.RefuseAttribute("group", groups, $"as a dense convolution it would have {count} weights; the limit is {MaximumDenseWeights}");
        }

        return Emit(node, image, window, padding => new FloatConv2D(padding, inputs)
        {
            Weights = Dense(weights, inputs),
            Bias = bias,
            Activation = FloatRange.None,
        });
    }

    private static ImmutableArray<float>? ReadBias(OnnxNodeReader node, int channels)
    {
        if (!node.HasInput(2))
        {
            return [.. new float[channels]];
        }

        if (node.ReadFloats(2, "the bias") is not { } bias)
        {
            return null;
        }

        if (!bias.Sizes.SequenceEqual([channels]))
        {
            node.RefuseShapes($"a bias of [{string.Join('x', bias.Sizes)}] for {channels} output channels");
            return null;
        }

        return bias.Floats;
    }

    /// <summary>Padding that a window cannot have, since it is as large as the window itself, is a node of its own.</summary>
    private static ActivationValue? Emit(OnnxNodeReader node, ImageValue image, Window window, Func<Window, FloatDotProductOperator> make)
    {
        if (ImageReader.WithoutWidePadding(node, image, window) is not var (padded, inner))
        {
            return null;
        }

        var dot = make(inner);
        return ImageReader.EmitWindowed(node, padded, inner, dot, dot.OutputChannels);
    }

    /// <summary>From output channel, 1, kernel row, kernel column to kernel row, kernel column, output channel.</summary>
    private static ImmutableArray<float> Depthwise(ConstantValue weights)
    {
        var channels = weights.Sizes[0];
        var taps = weights.Sizes[2] * weights.Sizes[3];
        var result = new float[weights.Floats.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[(i % taps * channels) + (i / taps)] = weights.Floats[i];
        }

        return [.. result];
    }

    /// <summary>
    /// From output channel, input channel of its group, kernel row, kernel column to output channel, kernel row, kernel column, input channel; weights to the
    /// channels of other groups are 0.
    /// </summary>
    private static ImmutableArray<float> Dense(ConstantValue weights, int inputs)
    {
        var (channels, depth) = (weights.Sizes[0], weights.Sizes[1]);
        var taps = weights.Sizes[2] * weights.Sizes[3];
        var channelsOfGroup = channels / (inputs / depth);
        var result = new float[channels * taps * inputs];
        for (var channel = 0; channel < channels; channel++)
        {
            var firstInput = channel / channelsOfGroup * depth;
            for (var input = 0; input < depth; input++)
            {
                for (var tap = 0; tap < taps; tap++)
                {
                    result[(((channel * taps) + tap) * inputs) + firstInput + input] = weights.Floats[(((channel * depth) + input) * taps) + tap];
                }
            }
        }

        return [.. result];
    }
}
