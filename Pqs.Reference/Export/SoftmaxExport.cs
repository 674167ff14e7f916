using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Reference.Export;

/// <summary>A softmax; one of differences that are scaled has a product in front.</summary>
internal static class SoftmaxExport
{
    public static string Write(TensorExport tensors, int input, Softmax softmax, bool isImage, string name)
    {
        var value = tensors.Dequantize(input, isImage);
        var beta = Beta(softmax, tensors[input].Quantization.Scale);
        if (beta != 1)
        {
            value = tensors.Builder.Node("Mul", [value, tensors.Builder.Float($"{name}_beta", beta)], $"{name}_scaled");
        }

        var rank = tensors[input].Shape.Rank;
        return tensors.Builder.Node("Softmax", [value], $"{name}_softmax", OnnxGraphBuilder.Integer("axis", isImage ? 1 : rank - 1));
    }

    /// <summary>The factor of the real differences that the operator's constants stand for.</summary>
    public static float Beta(Softmax softmax, float inputScale)
    {
        if (SoftmaxQuantization.Quantize(SoftmaxQuantization.RealFactor(1, inputScale)) == softmax)
        {
            return 1;
        }

        var factor = Math.ScaleB(softmax.InputMultiplier, softmax.InputLeftShift - 31);
        return (float)Math.Clamp(factor / SoftmaxQuantization.RealFactor(1, inputScale), float.Epsilon, float.MaxValue);
    }
}
