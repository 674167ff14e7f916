using Pqs.Reference.Model;

namespace Pqs.Reference.FloatModel.Operators;

/// <summary>Convolution. Weights: output channel, kernel row, kernel column, input channel. Padding contributes 0.</summary>
public sealed record FloatConv2D(Window Window, int InputChannels) : FloatDotProductOperator
{
    public override string Name => "CONV_2D";

    public override int ProductCount => Window.Vertical.Kernel * Window.Horizontal.Kernel * InputChannels;

    public override int WeightIndex(int channel, int product) => (channel * ProductCount) + product;
}
