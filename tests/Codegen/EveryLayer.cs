using CsCheck;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>A network with one layer of every kind, a residual connection and two outputs, and few numbers.</summary>
internal static class EveryLayer
{
    public static ModelBuilder Create()
    {
        var dice = new Dice(new PCG(1, 20));
        var builder = new ModelBuilder();
        var image = builder.AddInput([1, 8, 8, 2], 1f / 128, -1, "image");
        var stem = builder.Conv2D(
            image, Graphs.Filter(dice, 3, 3, 4, 18), new Result(6f / 255, -128, FusedActivation.Relu6, "stem"), new Steps(PaddingKind.Same, 2, 2));
        var spatial = builder.DepthwiseConv2D(
            stem, Graphs.Filter(dice, 3, 3, 4, 9), new Result(1f / 32, -5, FusedActivation.Relu, "spatial"), new Steps(PaddingKind.Same));
        var mixed = builder.Conv2D(spatial, Graphs.Filter(dice, 1, 1, 4, 4), new Result(1f / 16, 3, Name: "mixed"));
        var sum = builder.Add(mixed, stem, new Result(1f / 16, 0, Name: "sum"));
        var framed = builder.Pad(sum, [0, 1, 1, 0], [0, 1, 1, 0], name: "framed");
        var largest = builder.MaxPool2D(framed, 2, 2, new Steps(PaddingKind.Valid, 2, 2), name: "largest");
        var mean = builder.AveragePool2D(largest, 3, 3, name: "mean");
        var flat = builder.Reshape(mean, [1, 4], name: "flat");
        var scores = builder.FullyConnected(flat, Graphs.Filter(dice, 1, 1, 3, 4), new Result(1f / 8, 0, Name: "scores"));
        return builder.Output(builder.Softmax(scores, name: "probabilities"), sum);
    }
}
