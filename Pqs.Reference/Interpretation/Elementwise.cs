using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Reference.Interpretation;

/// <summary>Operators that keep the shape of their input.</summary>
internal static class Elementwise
{
    public static void Add(Add add, TensorValue first, TensorValue second, TensorValue output)
    {
        for (var i = 0; i < output.Elements.Length; i++)
        {
            var a = Scale((first.Elements[i] - first.ZeroPoint) * (1 << Model.Operators.Add.LeftShift), add.First);
            var b = Scale((second.Elements[i] - second.ZeroPoint) * (1 << Model.Operators.Add.LeftShift), add.Second);
            output.Elements[i] = add.OutputRange.Clamp(Scale(a + b, add.Output) + output.ZeroPoint);
        }
    }

    public static void Softmax(Softmax softmax, TensorValue input, TensorValue output)
    {
        var depth = input.Shape[input.Shape.Rank - 1];
        for (var start = 0; start < input.Elements.Length; start += depth)
        {
            SoftmaxArithmetic.Row(input.Elements.AsSpan(start, depth), output.Elements.AsSpan(start, depth), softmax);
        }
    }

    private static int Scale(int value, Requantization factor) => FixedPoint.Requantize(value, factor, Rounding.Double);
}
