using NUnit.Framework;
using Pqs.Compress.Equalization;
using Pqs.Reference.FloatInterpretation;
using Pqs.Reference.FloatModel.Operators;

namespace Pqs.Tests.Compress;

/// <summary>Equalization changes weights and no outputs.</summary>
internal sealed class EqualizationTests
{
    [Test]
    public void Outputs_stay_and_ranges_meet()
    {
        var network = FloatNetworks.EveryOperator();
        var equalized = CrossLayerEqualization.Run(network);
        foreach (var sample in FloatNetworks.Samples(network, 5))
        {
            Assert.That(
                FloatInterpreter.Outputs(equalized, FloatInterpreter.Run(equalized, sample)),
                Is.EqualTo(FloatInterpreter.Outputs(network, FloatInterpreter.Run(network, sample))).Within(1e-5));
        }

        // The strided convolution and the matrix, with a pool and a reshape between them; ReLU6 and the addition keep the others apart.
        var pair = ChannelPair.Find(network).Single();
        Assert.That((network.Nodes[pair.First].Operator.Name, network.Nodes[pair.Second].Operator.Name), Is.EqualTo(("CONV_2D", "FULLY_CONNECTED")));
        var (first, second) = ((FloatDotProductOperator)equalized.Nodes[pair.First].Operator, (FloatDotProductOperator)equalized.Nodes[pair.Second].Operator);
        for (var channel = 0; channel < first.OutputChannels; channel++)
        {
            var written = Enumerable.Range(0, first.ProductCount).Max(k => Math.Abs(first.Weight(channel, k)));
            var read = Enumerable.Range(0, second.OutputChannels).Max(o => Math.Abs(second.Weight(o, channel)));
            Assert.That(written, Is.EqualTo(read).Within(0.2).Percent);
        }
    }
}
