using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Import.TfLite.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.TfLite.Float;

/// <summary>Operators with weights. Each reader reports what does not fit and returns null.</summary>
internal static class FloatDotProductReader
{
    public static FloatConv2D? Conv2D(SourceNode node, Shape input)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.Conv2D) is not { } options
            || ReadConstants(node, rank: 4, channelAxis: 0) is not var (shape, weights, bias)
            || node.ReadFloatRange(options.SignedByte(TfLiteSchema.Conv2DOptions.Activation)) is not { } range
            || Conv2DImporter.ReadWindow(node, options, input, shape) is not { } window)
        {
            return null;
        }

        return new FloatConv2D(window, shape[3]) { Weights = weights, Bias = bias, Activation = range };
    }

    public static FloatDepthwiseConv2D? DepthwiseConv2D(SourceNode node, Shape input)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.DepthwiseConv2D) is not { } options
            || ReadConstants(node, rank: 4, channelAxis: 3) is not var (shape, weights, bias)
            || node.ReadFloatRange(options.SignedByte(TfLiteSchema.DepthwiseConv2DOptions.Activation)) is not { } range
            || DepthwiseConv2DImporter.ReadWindow(node, options, input, shape) is not { } window)
        {
            return null;
        }

        return new FloatDepthwiseConv2D(window, input[3], shape[3] / input[3]) { Weights = weights, Bias = bias, Activation = range };
    }

    public static FloatFullyConnected? FullyConnected(SourceNode node)
    {
        if (node.ReadOptions(TfLiteSchema.OptionsType.FullyConnected) is not { } options
            || ReadConstants(node, rank: 2, channelAxis: 0) is not var (shape, weights, bias)
            || node.ReadFloatRange(options.SignedByte(TfLiteSchema.FullyConnectedOptions.Activation)) is not { } range
            || !FullyConnectedImporter.RequireFormat(node, options))
        {
            return null;
        }

        return new FloatFullyConnected(shape[1]) { Weights = weights, Bias = bias, Activation = range };
    }

    /// <summary>Inputs 1 and 2: weights and bias; the bias may be absent.</summary>
    private static (Shape Shape, ImmutableArray<float> Weights, ImmutableArray<float> Bias)? ReadConstants(SourceNode node, int rank, int channelAxis)
    {
        var (place, diagnostics) = (node.Place, node.Diagnostics);
        if (node.ReadInput(1, "weights") is not { } tensor || tensor.ReadShape(place, diagnostics) is not { } shape)
        {
            return null;
        }

        if (shape.Rank != rank)
        {
            diagnostics.Report(DiagnosticDescriptors.OperatorShapes, place, $"the weights are {shape}; {rank} dimensions are needed");
            return null;
        }

        if (tensor.ReadFloat32("the weights", place, diagnostics) is not { } weights)
        {
            return null;
        }

        var channels = shape[channelAxis];
        if (node.Inputs.Count <= 2 || node.Inputs[2] is not { } biasTensor)
        {
            return (shape, weights, [.. new float[channels]]);
        }

        if (biasTensor.ReadFloat32("the bias", place, diagnostics) is not { } bias)
        {
            return null;
        }

        if (bias.Length != channels)
        {
            diagnostics.Report(DiagnosticDescriptors.ConstantLength, place, "the bias", bias.Length, channels);
            return null;
        }

        return (shape, weights, bias);
    }
}
