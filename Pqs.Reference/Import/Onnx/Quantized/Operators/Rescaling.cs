using System.Collections.Immutable;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Integers of one quantization as integers of another, or clamped: a dot product of one weight, which is 1.</summary>
internal static class Rescaling
{
    private static readonly Window Point = new(WindowAxis.Valid(1, 1, 1), WindowAxis.Valid(1, 1, 1));

    /// <param name="node">Where it comes from.</param>
    /// <param name="tensor">The integers.</param>
    /// <param name="quantization">What they stand for.</param>
    /// <param name="draft">The graph under construction.</param>
    public static PendingOperator Of(OnnxNode node, int tensor, Quantization quantization, QuantizedDraft draft)
    {
        // An image keeps its channels, for which there are kernels; other tensors are rows of one element.
        var shape = draft[tensor].Shape;
        return shape.Rank == 4
            ? Channels(node, tensor, quantization, shape, Point, 1f)
            : new PendingMatrix(node, tensor, shape, quantization, [1f], [1]) { Bias = [0], HasBias = true };
    }

    /// <summary>Sums over a window of each channel by itself.</summary>
    /// <param name="node">Where it comes from.</param>
    /// <param name="tensor">The integers.</param>
    /// <param name="quantization">What they stand for.</param>
    /// <param name="output">The output's shape.</param>
    /// <param name="window">The window.</param>
    /// <param name="scale">What each tap is multiplied by.</param>
    public static PendingOperator Channels(OnnxNode node, int tensor, Quantization quantization, Shape output, Window window, float scale)
    {
        var (channels, taps) = (output[3], window.Vertical.Kernel * window.Horizontal.Kernel);
        ImmutableArray<sbyte> ones = [.. Enumerable.Repeat((sbyte)1, channels * taps)];
        return new PendingConvolution(node, tensor, output, quantization, [scale], ones, window, channels, channels)
        {
            Bias = [.. new int[channels]],
            HasBias = true,
        };
    }
}
