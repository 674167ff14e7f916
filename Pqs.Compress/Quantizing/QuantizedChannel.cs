namespace Pqs.Compress.Quantizing;

/// <summary>The integer weights of one output channel.</summary>
/// <param name="Weights">In natural order; 0 where pruned.</param>
/// <param name="Scale">What an integer of 1 stands for; positive.</param>
public sealed record QuantizedChannel(int[] Weights, float Scale)
{
    /// <summary>The real numbers that the integers stand for.</summary>
    public double[] ToReal() => Array.ConvertAll(Weights, weight => weight * (double)Scale);
}
