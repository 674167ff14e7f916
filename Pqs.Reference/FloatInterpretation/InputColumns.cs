using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.FloatInterpretation;

/// <summary>
/// The inputs of a layer's dot products as a matrix: one row for each output position, K columns in natural order, so that output = rows · weights + bias.
/// Padding contributes zeros. A depthwise convolution has one such matrix for each input channel, every other layer has one.
/// </summary>
public static class InputColumns
{
    /// <summary>Number of matrices: input channels of a depthwise convolution, else 1.</summary>
    public static int MatrixCount(FloatDotProductOperator @operator) => @operator is FloatDepthwiseConv2D depthwise ? depthwise.InputChannels : 1;

    /// <summary>Rows of a matrix: output positions, or rows of a matrix-vector product's input.</summary>
    public static int RowCount(FloatDotProductOperator @operator, Shape input) =>
        WindowOf(@operator) is { } window
            ? input[0] * OutputHeight(window, input) * OutputWidth(window, input)
            : input.ElementCount / @operator.ProductCount;

    /// <summary>All rows of a matrix: <see cref="RowCount"/> × K elements, row after row.</summary>
    public static float[] Gather(FloatDotProductOperator @operator, Shape input, ReadOnlySpan<float> values, int matrix = 0)
    {
        var rows = new float[checked(RowCount(@operator, input) * @operator.ProductCount)];
        Gather(@operator, input, values, matrix, 0, rows);
        return rows;
    }

    /// <summary>As many rows of a matrix as the destination has room for.</summary>
    /// <param name="operator">The layer's operator.</param>
    /// <param name="input">The shape of its input.</param>
    /// <param name="values">The elements of its input.</param>
    /// <param name="matrix">0..<see cref="MatrixCount"/>-1: the input channel of a depthwise convolution.</param>
    /// <param name="firstRow">The first row that is wanted.</param>
    /// <param name="rows">Receives whole rows of K elements.</param>
    public static void Gather(
        FloatDotProductOperator @operator, Shape input, ReadOnlySpan<float> values, int matrix, int firstRow, Span<float> rows)
    {
        var products = @operator.ProductCount;
        if (WindowOf(@operator) is not { } window)
        {
            values.Slice(firstRow * products, rows.Length).CopyTo(rows);
            return;
        }

        var channels = @operator is FloatDepthwiseConv2D ? 1 : input[3];
        var (height, width) = (OutputHeight(window, input), OutputWidth(window, input));
        for (var row = firstRow; rows.Length > 0; row++)
        {
            var image = values.Slice(row / (height * width) * input[1] * input[2] * input[3], input[1] * input[2] * input[3]);
            GatherRow(window, input, image[matrix..], row / width % height, row % width, channels, rows[..products]);
            rows = rows[products..];
        }
    }

    /// <summary>The window of a convolution; null for a matrix-vector product.</summary>
    private static Window? WindowOf(FloatDotProductOperator @operator) => @operator switch
    {
        FloatConv2D conv => conv.Window,
        FloatDepthwiseConv2D depthwise => depthwise.Window,
        _ => null,
    };

    private static int OutputHeight(Window window, Shape input) => (int)window.Vertical.OutputSize(input[1]);

    private static int OutputWidth(Window window, Shape input) => (int)window.Horizontal.OutputSize(input[2]);

    /// <summary>The taps of one window position, kernel row by kernel row; of each tap the first <paramref name="channels"/> channels.</summary>
    private static void GatherRow(Window window, Shape input, ReadOnlySpan<float> image, int row, int column, int channels, Span<float> taps)
    {
        var (vertical, horizontal) = window;
        var inputRow = (row * vertical.Stride) - vertical.PadBefore;
        var firstColumn = (column * horizontal.Stride) - horizontal.PadBefore;
        var isContiguous = horizontal.Dilation == 1 && channels == input[3] && firstColumn >= 0 && firstColumn + horizontal.Kernel <= input[2];
        for (var i = 0; i < vertical.Kernel; i++, inputRow += vertical.Dilation)
        {
            var line = taps.Slice(i * horizontal.Kernel * channels, horizontal.Kernel * channels);
            if (inputRow < 0 || inputRow >= input[1])
            {
                line.Clear();
            }
            else if (isContiguous)
            {
                image.Slice(((inputRow * input[2]) + firstColumn) * channels, line.Length).CopyTo(line);
            }
            else
            {
                GatherLine(horizontal, input, image[(inputRow * input[2] * input[3])..], firstColumn, channels, line);
            }
        }
    }

    private static void GatherLine(WindowAxis axis, Shape input, ReadOnlySpan<float> inputLine, int inputColumn, int channels, Span<float> line)
    {
        for (var j = 0; j < axis.Kernel; j++, inputColumn += axis.Dilation)
        {
            var tap = line.Slice(j * channels, channels);
            if (inputColumn < 0 || inputColumn >= input[2])
            {
                tap.Clear();
            }
            else
            {
                inputLine.Slice(inputColumn * input[3], channels).CopyTo(tap);
            }
        }
    }
}
