using System.Runtime.CompilerServices;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Reference.FloatInterpretation;

/// <summary>
/// Weights in the order in which <see cref="MatrixProduct"/> reads them: panels of <see cref="PanelWidth"/> output channels, in each panel product after
/// product; channels that fill up the last panel are zero.
/// </summary>
internal sealed class PackedWeights
{
    public const int PanelWidth = 16;

    /// <summary>Packing costs as much as a small layer's run, so it is kept for as long as the operator lives.</summary>
    private static readonly ConditionalWeakTable<FloatDotProductOperator, PackedWeights> Cache = [];

    private PackedWeights(FloatDotProductOperator @operator)
    {
        var products = @operator.ProductCount;
        PanelCount = (@operator.OutputChannels + PanelWidth - 1) / PanelWidth;
        Weights = new float[checked(PanelCount * products * PanelWidth)];
        for (var channel = 0; channel < @operator.OutputChannels; channel++)
        {
            var panel = Weights.AsSpan(channel / PanelWidth * products * PanelWidth, products * PanelWidth);
            for (var product = 0; product < products; product++)
            {
                panel[(product * PanelWidth) + (channel % PanelWidth)] = @operator.Weight(channel, product);
            }
        }
    }

    public int PanelCount { get; }

    public float[] Weights { get; }

    public static PackedWeights Of(FloatDotProductOperator @operator) => Cache.GetValue(@operator, static key => new PackedWeights(key));
}
