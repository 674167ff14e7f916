namespace Pqs.Reference.Model.Operators;

/// <summary>Matrix times vector; an input of several rows gives as many output rows. Weights: output channel, input.</summary>
/// <param name="InputSize">Elements of one input row.</param>
public sealed record FullyConnected(int InputSize) : DotProductOperator
{
    public override string Name => "FULLY_CONNECTED";

    public override int OutputChannels => Bias.Length;

    public override int ProductCount => InputSize;

    public override int WeightIndex(int channel, int product) => (channel * InputSize) + product;
}
