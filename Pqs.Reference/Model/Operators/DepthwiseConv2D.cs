namespace Pqs.Reference.Model.Operators;

/// <summary>
/// 2-D convolution of each input channel by itself. Output channel o reads input channel o / DepthMultiplier.
/// Weights: kernel row, kernel column, output channel.
/// </summary>
/// <param name="Window">Kernel, stride, dilation, padding.</param>
/// <param name="InputChannels">Channels of the input.</param>
/// <param name="DepthMultiplier">Output channels per input channel.</param>
public sealed record DepthwiseConv2D(Window Window, int InputChannels, int DepthMultiplier) : DotProductOperator
{
    public override string Name => "DEPTHWISE_CONV_2D";

    public override int OutputChannels => Bias.Length;

    public override int ProductCount => Window.Vertical.Kernel * Window.Horizontal.Kernel;

    public override int WeightIndex(int channel, int product) => (product * OutputChannels) + channel;
}
