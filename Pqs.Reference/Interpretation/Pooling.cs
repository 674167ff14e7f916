using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Interpretation;

/// <summary>The pooling operators. Padding takes no part: only taps inside the input count.</summary>
internal static class Pooling
{
    public static void Pool(Pool2D pool, TensorValue input, TensorValue output)
    {
        var (vertical, horizontal) = pool.Window;
        for (var batch = 0; batch < output.Shape[0]; batch++)
        {
            for (var row = 0; row < output.Shape[1]; row++)
            {
                var firstRow = (row * vertical.Stride) - vertical.PadBefore;
                var (rowStart, rowEnd) = (Math.Max(firstRow, 0), Math.Min(firstRow + vertical.Kernel, input.Shape[1]));
                for (var column = 0; column < output.Shape[2]; column++)
                {
                    var firstColumn = (column * horizontal.Stride) - horizontal.PadBefore;
                    var (columnStart, columnEnd) = (Math.Max(firstColumn, 0), Math.Min(firstColumn + horizontal.Kernel, input.Shape[2]));
                    for (var channel = 0; channel < output.Shape[3]; channel++)
                    {
                        var sum = 0;
                        int maximum = sbyte.MinValue;
                        for (var i = rowStart; i < rowEnd; i++)
                        {
                            for (var j = columnStart; j < columnEnd; j++)
                            {
                                var x = input.Elements[input.Index(batch, i, j, channel)];
                                sum += x;
                                maximum = Math.Max(maximum, x);
                            }
                        }

                        var count = (rowEnd - rowStart) * (columnEnd - columnStart);
                        var result = pool is AveragePool2D ? DivideRoundingHalfAway(sum, count) : maximum;
                        output.Elements[output.Index(batch, row, column, channel)] = pool.OutputRange.Clamp(result);
                    }
                }
            }
        }
    }

    private static int DivideRoundingHalfAway(int sum, int count) =>
        sum > 0 ? (sum + (count / 2)) / count : (sum - (count / 2)) / count;
}
