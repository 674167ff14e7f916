namespace Pqs.Reference.Model.Operators;

/// <summary>2-D convolution, N×H×W×C. Weights: output channel, kernel row, kernel column, input channel.</summary>
/// <param name="Window">Kernel, stride, dilation, padding; padding contributes the input's zero point, so 0.</param>
/// <param name="InputChannels">Channels of the input.</param>
public sealed record Conv2D(Window Window, int InputChannels) : DotProductOperator
{
    public override string Name => "CONV_2D";

    public override int OutputChannels => Bias.Length;

    public override int ProductCount => Window.Vertical.Kernel * Window.Horizontal.Kernel * InputChannels;

    public override int WeightIndex(int channel, int product) => (channel * ProductCount) + product;
}
