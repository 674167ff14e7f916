using System.Runtime.InteropServices;
using NUnit.Framework;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.Import;
using Pqs.Reference.Interpretation;
using Pqs.Reference.Model;
using Pqs.Tests.Reference;

namespace Pqs.Tests.FloatModel;

/// <summary>
/// Third-party float models against their int8 brothers, whose outputs third-party kernels confirm. Quantization makes them differ, so this shows that the float
/// import is plausible, no more. Samples 12 to 15 are real recordings and images, for which the models were quantized; both models take the same real numbers.
/// </summary>
internal sealed class SharedFloatModelTests
{
    /// <param name="model">The int8 model's folder.</param>
    /// <param name="maximumError">Largest mean absolute difference of the outputs; measured 0.024 and 0.75.</param>
    /// <param name="minimumCorrelation">Measured 0.956 and 0.997.</param>
    /// <param name="hasClasses">True for a classifier, whose first choice must agree.</param>
    [TestCase("resnet8", 0.03, 0.95, true)]
    [TestCase("ad01", 1, 0.99, false)]
    public void A_float_model_resembles_its_quantized_brother(string model, double maximumError, double minimumCorrelation, bool hasClasses)
    {
        var diagnostics = new DiagnosticBag();
        var graph = FloatModelLoader.Load(Path.Combine(SharedModels.Folder("float"), $"{model}_float.tflite"), diagnostics);
        var brother = ModelLoader.Load(Path.Combine(SharedModels.Folder(model), "model.tflite"), diagnostics);
        Assert.That(diagnostics.ToImmutable().Select(d => $"{d}"), Is.Empty);
        var inputs = MemoryMarshal.Cast<byte, sbyte>(File.ReadAllBytes(Path.Combine(SharedModels.Folder(model), "inputs.bin"))).ToArray();

        for (var sample = 12; sample < 16; sample++)
        {
            var integers = inputs.AsSpan(sample * brother!.InputBytes, brother.InputBytes);
            var actual = FloatInterpreter.Outputs(graph!, FloatInterpreter.Run(graph!, Real(integers.ToArray(), brother.Tensors[brother.Inputs[0]])));
            var expected = Real(Interpreter.Outputs(brother, Interpreter.Run(brother, integers)), brother.Tensors[brother.Outputs[0]]);
            Assert.That(actual.Zip(expected, (a, b) => Math.Abs(a - b)).Average(), Is.LessThan(maximumError), $"mean absolute difference of sample {sample}");
            Assert.That(Correlation(actual, expected), Is.GreaterThan(minimumCorrelation), $"correlation of sample {sample}");
            if (hasClasses)
            {
                Assert.That(Array.IndexOf(actual, actual.Max()), Is.EqualTo(Array.IndexOf(expected, expected.Max())), $"class of sample {sample}");
            }
        }
    }

    private static float[] Real(sbyte[] integers, Tensor tensor) =>
        [.. integers.Select(value => tensor.Quantization.Scale * (value - tensor.Quantization.ZeroPoint))];

    private static double Correlation(float[] first, float[] second)
    {
        var (firstMean, secondMean) = (first.Average(), second.Average());
        return Sum((a, b) => a * b) / Math.Sqrt(Sum((a, _) => a * a) * Sum((_, b) => b * b));

        double Sum(Func<double, double, double> product) => first.Zip(second, (a, b) => product(a - firstMean, b - secondMean)).Sum();
    }
}
