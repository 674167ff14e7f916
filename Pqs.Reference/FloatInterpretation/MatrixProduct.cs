using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.FloatInterpretation;

/// <summary>
/// Convolutions and matrix-vector products: rows of inputs times packed weights. The lanes of a vector are output channels, so the order of each channel's sum
/// is that of its products.
/// </summary>
internal static class MatrixProduct
{
    /// <summary>Rows that share the loads of the weights.</summary>
    private const int BlockRows = 4;

    /// <summary>Rows gathered at a time: few enough for their inputs to stay in the cache while all weights pass.</summary>
    private const int GatheredRows = 8 * BlockRows;

    private const int PanelWidth = PackedWeights.PanelWidth;

    public static void Run(FloatDotProductOperator @operator, Shape inputShape, float[] input, float[] output)
    {
        var packed = PackedWeights.Of(@operator);
        var products = @operator.ProductCount;
        var rowCount = InputColumns.RowCount(@operator, inputShape);
        if (IsGathered(@operator))
        {
            Rows(@operator, packed, input, rowCount, output);
            return;
        }

        var gathered = ArrayPool<float>.Shared.Rent(GatheredRows * products);
        for (var row = 0; row < rowCount; row += GatheredRows)
        {
            var count = Math.Min(GatheredRows, rowCount - row);
            var rows = gathered.AsSpan(0, count * products);
            InputColumns.Gather(@operator, inputShape, input, 0, row, rows);
            Rows(@operator, packed, rows, count, output.AsSpan(row * @operator.OutputChannels, count * @operator.OutputChannels));
        }

        ArrayPool<float>.Shared.Return(gathered);
    }

    /// <summary>True when the input's elements already are the rows.</summary>
    private static bool IsGathered(FloatDotProductOperator @operator) =>
        @operator is not FloatConv2D { Window: var window } || (IsPoint(window.Vertical) && IsPoint(window.Horizontal));

    private static bool IsPoint(WindowAxis axis) => axis is { Kernel: 1, Stride: 1, PadBefore: 0, PadAfter: 0 };

    private static void Rows(FloatDotProductOperator @operator, PackedWeights packed, ReadOnlySpan<float> rows, int rowCount, Span<float> output)
    {
        var (products, channels) = (@operator.ProductCount, @operator.OutputChannels);
        Span<float> sums = stackalloc float[BlockRows * PanelWidth];
        for (var panel = 0; panel < packed.PanelCount; panel++)
        {
            var weights = packed.Weights.AsSpan(panel * products * PanelWidth, products * PanelWidth);
            var first = panel * PanelWidth;
            var width = Math.Min(PanelWidth, channels - first);
            var bias = @operator.Bias.AsSpan(first, width);
            for (var row = 0; row < rowCount; row += BlockRows)
            {
                var count = Math.Min(BlockRows, rowCount - row);
                if (count == BlockRows)
                {
                    FourRows(rows.Slice(row * products, BlockRows * products), weights, sums);
                }
                else
                {
                    for (var i = 0; i < count; i++)
                    {
                        OneRow(rows.Slice((row + i) * products, products), weights, sums[(i * PanelWidth)..]);
                    }
                }

                for (var i = 0; i < count; i++)
                {
                    var target = output.Slice(((row + i) * channels) + first, width);
                    sums.Slice(i * PanelWidth, width).CopyTo(target);
                    AddAndClamp.Apply(target, bias, @operator.Activation);
                }
            }
        }
    }

    private static void FourRows(ReadOnlySpan<float> rows, ReadOnlySpan<float> weights, Span<float> sums)
    {
        var products = (nuint)(rows.Length / BlockRows);
        ref var row = ref MemoryMarshal.GetReference(rows);
        ref var weight = ref MemoryMarshal.GetReference(weights);
        Vector256<float> sum00 = default, sum01 = default, sum10 = default, sum11 = default;
        Vector256<float> sum20 = default, sum21 = default, sum30 = default, sum31 = default;
        for (nuint k = 0; k < products; k++)
        {
            var left = Vector256.LoadUnsafe(ref weight, k * PanelWidth);
            var right = Vector256.LoadUnsafe(ref weight, (k * PanelWidth) + (PanelWidth / 2));
            var value = Vector256.Create(Unsafe.Add(ref row, k));
            sum00 = Vector256.FusedMultiplyAdd(value, left, sum00);
            sum01 = Vector256.FusedMultiplyAdd(value, right, sum01);
            value = Vector256.Create(Unsafe.Add(ref row, products + k));
            sum10 = Vector256.FusedMultiplyAdd(value, left, sum10);
            sum11 = Vector256.FusedMultiplyAdd(value, right, sum11);
            value = Vector256.Create(Unsafe.Add(ref row, (2 * products) + k));
            sum20 = Vector256.FusedMultiplyAdd(value, left, sum20);
            sum21 = Vector256.FusedMultiplyAdd(value, right, sum21);
            value = Vector256.Create(Unsafe.Add(ref row, (3 * products) + k));
            sum30 = Vector256.FusedMultiplyAdd(value, left, sum30);
            sum31 = Vector256.FusedMultiplyAdd(value, right, sum31);
        }

        Store(sum00, sum01, sums);
        Store(sum10, sum11, sums[PanelWidth..]);
        Store(sum20, sum21, sums[(2 * PanelWidth)..]);
        Store(sum30, sum31, sums[(3 * PanelWidth)..]);
    }

    private static void OneRow(ReadOnlySpan<float> row, ReadOnlySpan<float> weights, Span<float> sums)
    {
        ref var weight = ref MemoryMarshal.GetReference(weights);
        Vector256<float> left = default, right = default;
        for (var k = 0; k < row.Length; k++)
        {
            var value = Vector256.Create(row[k]);
            left = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref weight, (nuint)(k * PanelWidth)), left);
            right = Vector256.FusedMultiplyAdd(value, Vector256.LoadUnsafe(ref weight, (nuint)((k * PanelWidth) + (PanelWidth / 2))), right);
        }

        Store(left, right, sums);
    }

    private static void Store(Vector256<float> left, Vector256<float> right, Span<float> sums)
    {
        left.CopyTo(sums);
        right.CopyTo(sums[(PanelWidth / 2)..]);
    }
}
