using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Reference.Interpretation;

/// <summary>The operators made of dot products. Each forms the products of one output value in natural order, skips those of zero weights, and hands them on.</summary>
internal static class DotProducts
{
    public static void Convolution(Conv2D conv, TensorValue input, TensorValue output)
    {
        var products = new int[conv.ProductCount];
        var (vertical, horizontal) = conv.Window;
        for (var batch = 0; batch < output.Shape[0]; batch++)
        {
            for (var row = 0; row < output.Shape[1]; row++)
            {
                for (var column = 0; column < output.Shape[2]; column++)
                {
                    for (var channel = 0; channel < output.Shape[3]; channel++)
                    {
                        var (k, count) = (0, 0);
                        for (var i = 0; i < vertical.Kernel; i++)
                        {
                            var inputRow = (row * vertical.Stride) + (i * vertical.Dilation) - vertical.PadBefore;
                            for (var j = 0; j < horizontal.Kernel; j++)
                            {
                                var inputColumn = (column * horizontal.Stride) + (j * horizontal.Dilation) - horizontal.PadBefore;
                                var inside = IsInside(input.Shape, inputRow, inputColumn);
                                for (var c = 0; c < conv.InputChannels; c++)
                                {
                                    int weight = conv.Weight(channel, k++);
                                    if (weight != 0)
                                    {
                                        var x = inside ? input.Elements[input.Index(batch, inputRow, inputColumn, c)] - input.ZeroPoint : 0;
                                        products[count++] = weight * x;
                                    }
                                }
                            }
                        }

                        output.Elements[output.Index(batch, row, column, channel)] = Finish(conv, channel, products.AsSpan(0, count), output);
                    }
                }
            }
        }
    }

    public static void DepthwiseConvolution(DepthwiseConv2D depthwise, TensorValue input, TensorValue output)
    {
        var products = new int[depthwise.ProductCount];
        var (vertical, horizontal) = depthwise.Window;
        for (var batch = 0; batch < output.Shape[0]; batch++)
        {
            for (var row = 0; row < output.Shape[1]; row++)
            {
                for (var column = 0; column < output.Shape[2]; column++)
                {
                    for (var channel = 0; channel < output.Shape[3]; channel++)
                    {
                        var (k, count) = (0, 0);
                        var inputChannel = channel / depthwise.DepthMultiplier;
                        for (var i = 0; i < vertical.Kernel; i++)
                        {
                            var inputRow = (row * vertical.Stride) + (i * vertical.Dilation) - vertical.PadBefore;
                            for (var j = 0; j < horizontal.Kernel; j++)
                            {
                                var inputColumn = (column * horizontal.Stride) + (j * horizontal.Dilation) - horizontal.PadBefore;
                                int weight = depthwise.Weight(channel, k++);
                                if (weight != 0)
                                {
                                    var x = IsInside(input.Shape, inputRow, inputColumn)
                                        ? input.Elements[input.Index(batch, inputRow, inputColumn, inputChannel)] - input.ZeroPoint
                                        : 0;
                                    products[count++] = weight * x;
                                }
                            }
                        }

                        output.Elements[output.Index(batch, row, column, channel)] = Finish(depthwise, channel, products.AsSpan(0, count), output);
                    }
                }
            }
        }
    }

    public static void MatrixVector(FullyConnected fullyConnected, TensorValue input, TensorValue output)
    {
        var products = new int[fullyConnected.ProductCount];
        var rows = input.Elements.Length / fullyConnected.InputSize;
        for (var row = 0; row < rows; row++)
        {
            for (var channel = 0; channel < fullyConnected.OutputChannels; channel++)
            {
                var count = 0;
                for (var k = 0; k < products.Length; k++)
                {
                    int weight = fullyConnected.Weight(channel, k);
                    if (weight != 0)
                    {
                        products[count++] = weight * (input.Elements[(row * fullyConnected.InputSize) + k] - input.ZeroPoint);
                    }
                }

                var value = Finish(fullyConnected, channel, products.AsSpan(0, count), output);
                output.Elements[(row * fullyConnected.OutputChannels) + channel] = value;
            }
        }
    }

    /// <summary>a = ACC(products); v = a + b; y = clamp(requantize(v) + zy).</summary>
    private static sbyte Finish(DotProductOperator @operator, int channel, ReadOnlySpan<int> products, TensorValue output)
    {
        var accumulated = Accumulation.Accumulate(products, @operator.Accumulator);
        var value = checked(accumulated + @operator.Bias[channel]);
        var scaled = FixedPoint.Requantize(value, @operator.Requantizations[channel], @operator.Rounding);
        return @operator.OutputRange.Clamp(checked(scaled + output.ZeroPoint));
    }

    private static bool IsInside(Shape shape, int row, int column) =>
        row >= 0 && row < shape[1] && column >= 0 && column < shape[2];
}
