using Pqs.Compress.Quantizing;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Compress.Assembly;

/// <summary>Quantized operators without weights.</summary>
internal static class ElementwiseAssembly
{
    /// <summary>An addition with multipliers of 15 or 31 bits; null, reported, where a factor is out of range.</summary>
    public static Add? Add(
        FloatAdd add, Quantization first, Quantization second, ActivationGrid output, int multiplierBits, string place, DiagnosticBag diagnostics)
    {
        var scaling = AddScaling.FromScales(first.Scale, second.Scale, output.Quantization.Scale);
        if (Quantize(scaling.First, 0, multiplierBits) is { } firstFactor
            && Quantize(scaling.Second, 0, multiplierBits) is { } secondFactor
            && Quantize(scaling.Output, -1, multiplierBits) is { } outputFactor)
        {
            return new Add(firstFactor, secondFactor, outputFactor, ActivationBounds.Of(add.Activation, output));
        }

        diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, place, scaling.Output, "the sum");
        return null;
    }

    /// <summary>A softmax; null, reported, where its input's scale is out of range.</summary>
    public static Softmax? Softmax(Quantization input, string place, DiagnosticBag diagnostics)
    {
        var real = SoftmaxQuantization.RealFactor(1, input.Scale);
        if (SoftmaxQuantization.Quantize(real) is { } softmax)
        {
            return softmax;
        }

        diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, place, real, "the input");
        return null;
    }

    /// <summary>An operator that moves or selects values, in the quantization of its input.</summary>
    public static Operator Moving(FloatOperator @operator, ActivationGrid input) => @operator switch
    {
        FloatAveragePool2D pool => new AveragePool2D(pool.Window, ActivationBounds.Of(pool.Activation, input)),
        FloatMaxPool2D pool => new MaxPool2D(pool.Window, ActivationBounds.Of(pool.Activation, input)),
        FloatReshape => new Reshape(),
        FloatPad pad => new Pad(pad.Before, pad.After),
        _ => throw new InvalidOperationException($"There is no quantized {@operator.Name}."),
    };

    private static Requantization? Quantize(double real, int maximumShift, int multiplierBits) =>
        double.IsFinite(real) && real > 0 && MultiplierQuantization.Quantize(real, multiplierBits) is { } factor && factor.Shift <= maximumShift
            ? factor
            : null;
}
