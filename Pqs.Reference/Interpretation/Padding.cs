using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Interpretation;

/// <summary>Padding with the zero point.</summary>
internal static class Padding
{
    public static void Pad(Pad pad, TensorValue input, TensorValue output)
    {
        Array.Fill(output.Elements, (sbyte)output.ZeroPoint);
        var index = new int[input.Shape.Rank];
        foreach (var element in input.Elements)
        {
            var position = 0;
            for (var axis = 0; axis < index.Length; axis++)
            {
                position = (position * output.Shape[axis]) + pad.Before[axis] + index[axis];
            }

            output.Elements[position] = element;
            Advance(index, input.Shape.Dimensions.AsSpan());
        }
    }

    /// <summary>Counts a multi-dimensional index up by one, innermost dimension fastest.</summary>
    private static void Advance(Span<int> index, ReadOnlySpan<int> dimensions)
    {
        for (var axis = index.Length - 1; axis >= 0; axis--)
        {
            if (++index[axis] < dimensions[axis])
            {
                return;
            }

            index[axis] = 0;
        }
    }
}
