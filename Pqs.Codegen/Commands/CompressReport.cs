using System.Collections.Immutable;
using System.Numerics;
using Pqs.Codegen.Analysis;
using Pqs.Compress.Pipeline;
using Pqs.Reference.Data;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Commands;

/// <summary>How right the network was before and after.</summary>
/// <param name="IsAgreement">True where what the float network says counts as right, for want of labels.</param>
/// <param name="LongMultipliers">Of the compressed network with multipliers of 31 bits, all else equal; null where it has them anyway.</param>
internal sealed record CompressAccuracy(Accuracy Float, Accuracy Compressed, bool IsAgreement, Accuracy? LongMultipliers);

/// <summary>What <c>pqs compress</c> made.</summary>
/// <param name="Graph">With its accumulators.</param>
/// <param name="Layers">What was measured on the calibration data; nothing where there are none.</param>
/// <param name="Accuracy">On the calibration data; null where they have no labels and none were needed.</param>
/// <param name="Test">On the samples of <c>--test</c>; null where there are none.</param>
/// <param name="Sweep">Accuracy over the width of accumulators; nothing where nobody asked.</param>
internal sealed record CompressReport(
    Graph Graph, ImmutableArray<LayerReport> Layers, CompressAccuracy? Accuracy, CompressAccuracy? Test, ImmutableArray<SweepRow> Sweep)
{
    /// <summary>The layers with dot products.</summary>
    public ImmutableArray<CompressedLayer> Rows()
    {
        var ranges = RangeAnalysis.Run(Graph);
        return
        [
            .. Graph.Nodes.Index().Where(entry => entry.Item.Operator is DotProductOperator).Select(entry =>
            {
                var dot = (DotProductOperator)entry.Item.Operator;
                var input = entry.Item.Inputs[0];
                return new CompressedLayer(
                    entry.Index,
                    dot,
                    Graph.Tensors[entry.Item.Output],
                    AccumulatorAnalysis.Run(dot, ranges[input], Graph.Tensors[input].Quantization.ZeroPoint),
                    Layers.FirstOrDefault(layer => layer.Layer.Index == entry.Index));
            }),
        ];
    }
}

/// <summary>A layer with what is known of it.</summary>
/// <param name="Index">Its position among all nodes.</param>
/// <param name="Bounds">By channel.</param>
/// <param name="Measured">On the calibration data, or null.</param>
internal sealed record CompressedLayer(int Index, DotProductOperator Dot, Tensor Output, ImmutableArray<ChannelBounds> Bounds, LayerReport? Measured)
{
    public int Kept => Dot.Weights.Count(weight => weight != 0);

    public string Pattern => PruningPattern.Detect(Dot)?.ToString() ?? "dense";

    /// <summary>The bits of the widest weight, in two's complement.</summary>
    public int WeightBits => Dot.Weights.Max(weight => 33 - BitOperations.LeadingZeroCount((uint)(weight < 0 ? ~weight : weight)));

    public Proof Proof => Bounds.Max(channel => channel.ProofAt(Dot.Accumulator.Bits));

    /// <summary>Channels whose worst case clips.</summary>
    public int MayClip => Bounds.Count(channel => channel.ClipAt(Dot.Accumulator.Bits) > 0);
}
