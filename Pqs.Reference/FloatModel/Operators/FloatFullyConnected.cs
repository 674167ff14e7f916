namespace Pqs.Reference.FloatModel.Operators;

/// <summary>Matrix times vector, for each row of the input. Weights: output channel, input.</summary>
/// <param name="InputSize">Elements of a row of the input.</param>
public sealed record FloatFullyConnected(int InputSize) : FloatDotProductOperator
{
    public override string Name => "FULLY_CONNECTED";

    public override int ProductCount => InputSize;

    public override int WeightIndex(int channel, int product) => (channel * InputSize) + product;
}
