using Pqs.Reference.Model;

namespace Pqs.Reference.FloatModel.Operators;

/// <summary>
/// Depthwise convolution: output channel c reads input channel c / DepthMultiplier. Weights: kernel row, kernel column, output channel. Padding contributes 0.
/// </summary>
public sealed record FloatDepthwiseConv2D(Window Window, int InputChannels, int DepthMultiplier) : FloatDotProductOperator
{
    public override string Name => "DEPTHWISE_CONV_2D";

    public override int ProductCount => Window.Vertical.Kernel * Window.Horizontal.Kernel;

    public override int WeightIndex(int channel, int product) => (product * OutputChannels) + channel;
}
