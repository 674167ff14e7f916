using System.Collections.Immutable;

namespace Pqs.Tests.TfLite;

/// <summary>A valid model with one node of each operator, to be broken.</summary>
internal static class SmallModel
{
    public const int Pad = 0;
    public const int Conv = 1;
    public const int Depthwise = 2;
    public const int Add = 3;
    public const int MaxPool = 4;
    public const int AveragePool = 5;
    public const int Reshape = 6;
    public const int FullyConnected = 7;
    public const int Softmax = 8;

    public static ModelBuilder Builder()
    {
        var builder = new ModelBuilder();
        var input = builder.AddInput([1, 5, 6, 2], 0.5f, 3, "input");
        var padded = builder.Pad(input, [0, 1, 0, 0], [0, 0, 1, 0], name: "padded");
        var conv = builder.Conv2D(
            padded,
            new Filter(3, 2, 4, Ramp(4 * 3 * 2 * 2), [0.01f, 0.02f, 0.03f, 0.04f], [100, -200, 300, 0]),
            new Result(0.25f, -10, FusedActivation.Relu6, "conv"),
            new Steps(PaddingKind.Same, StrideHeight: 2));
        var depthwise = builder.DepthwiseConv2D(
            conv, new Filter(2, 2, 4, Ramp(16), [0.05f], [5, 6, 7, 8]), new Result(0.125f, 0, FusedActivation.Relu, "depthwise"), new Steps(PaddingKind.Same));
        var sum = builder.Add(conv, depthwise, new Result(0.3f, -128, Name: "sum"));
        var maximum = builder.MaxPool2D(sum, 2, 2, new Steps(PaddingKind.Same), name: "maximum");
        var mean = builder.AveragePool2D(maximum, 3, 3, name: "mean");
        var flat = builder.Reshape(mean, [1, mean.ElementCount], name: "flat");
        var logits = builder.FullyConnected(flat, new Filter(1, 1, 3, Ramp(3 * flat.ElementCount), [0.02f], [1, 2, 3]), new Result(0.5f, 4, Name: "logits"));
        return builder.Output(builder.Softmax(logits, name: "probabilities"));
    }

    private static ImmutableArray<sbyte> Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => (sbyte)((i * 37 % 255) - 127))];
}
