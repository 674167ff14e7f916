using System.Collections.Immutable;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Examples;

/// <summary>
/// The network of models/example.tflite: a small residual network of the operators and sizes of image and keyword classifiers on
/// microcontrollers. Its weights are pseudo-random, so it computes nothing useful, but its activations fill their range.
/// </summary>
internal static class ExampleModel
{
    private const int WeightLimit = 60;

    /// <summary>Standard deviations: of uniform weights up to the limit, of activations, and of what a layer's result should have.</summary>
    private const double WeightDeviation = 35;
    private const double ActivationDeviation = 74;
    private const double ResultDeviation = 40;

    public static byte[] Build()
    {
        var random = new Random(2504);
        var model = new ModelBuilder();
        var same = new Steps(PaddingKind.Same);
        var halving = new Steps(PaddingKind.Same, 2, 2);

        var input = model.AddInput([1, 24, 24, 1], 1f / 64, 0, "image");
        var stem = Convolve(input, 3, 16, FusedActivation.Relu, "stem", halving);
        var depthwise = model.DepthwiseConv2D(
            stem, NewFilter(3, 16, 9), NewResult(stem, FusedActivation.Relu, "depthwise"), same);
        var pointwise = Convolve(depthwise, 1, 16, FusedActivation.None, "pointwise", same);
        var sum = model.Add(stem, pointwise, new Result(1.5f * stem.Scale, -128, FusedActivation.Relu, "residual"));
        var wide = Convolve(sum, 3, 32, FusedActivation.Relu, "wide", halving);
        var strided = Convolve(sum, 1, 32, FusedActivation.None, "shortcut", halving);
        var joined = model.Add(wide, strided, new Result(1.5f * wide.Scale, -128, FusedActivation.Relu, "joined"));
        var pooled = model.AveragePool2D(joined, 6, 6, name: "pooled");
        var flat = model.Reshape(pooled, [1, 32], name: "flat");
        var logits = model.FullyConnected(flat, NewFilter(1, 10, 32), NewResult(flat, FusedActivation.None, "logits"));
        return model.Output(model.Softmax(logits, name: "probabilities")).Build();

        Activation Convolve(Activation from, int kernel, int channels, FusedActivation activation, string name, Steps steps)
        {
            var products = kernel * kernel * from.Shape[3];
            return model.Conv2D(from, NewFilter(kernel, channels, products), NewResult(from, activation, name), steps);
        }

        Filter NewFilter(int kernel, int channels, int products)
        {
            ImmutableArray<sbyte> weights = [.. Enumerable.Range(0, channels * products).Select(_ => (sbyte)random.Next(-WeightLimit, WeightLimit + 1))];
            // Results keep their input's scale, so the weights' scale is what makes them as large as they should be.
            var scale = ResultDeviation / (WeightDeviation * ActivationDeviation * Math.Sqrt(products));
            ImmutableArray<float> scales = [.. Enumerable.Range(0, channels).Select(_ => (float)(scale * (0.75 + (random.Next(100) / 200.0))))];
            ImmutableArray<int> bias = [.. Enumerable.Range(0, channels).Select(_ => random.Next(-2000, 2001))];
            return new Filter(kernel, kernel, channels, weights, scales, bias);
        }

        static Result NewResult(Activation from, FusedActivation activation, string name) =>
            new(from.Scale, activation == FusedActivation.Relu ? -128 : 0, activation, name);
    }
}
