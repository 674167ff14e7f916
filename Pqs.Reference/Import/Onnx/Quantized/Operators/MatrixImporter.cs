using System.Collections.Immutable;
using Pqs.Reference.Import.Onnx.Float;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Gemm and MatMul of an activation and a constant matrix.</summary>
internal static class MatrixImporter
{
    /// <summary>Y = A · B + C.</summary>
    public static QuantizedValue? Gemm(QdqNode node)
    {
        var source = node.Source;
        if (source.ReadInteger("transA", 0) is not { } transposedInput
            || source.ReadInteger("transB", 0) is not { } transposed
            || source.ReadFloat("alpha", 1) is not { } alpha
            || source.ReadFloat("beta", 1) is not { } beta)
        {
            return null;
        }

        var wrong = transposedInput != 0 ? "transA" : alpha != 1 ? "alpha" : beta != 1 && source.HasInput(2) ? "beta" : null;
        if (wrong != null)
        {
            source.RefuseAttribute(wrong, wrong == "transA" ? transposedInput : wrong == "alpha" ? alpha : beta, "only A · B + C can be imported");
            return null;
        }

        return node.ReadReal(0) is { } input ? Product(node, input, isTransposed: transposed != 0, rank: 2) : null;
    }

    /// <summary>Each row of the last dimension times a matrix.</summary>
    public static QuantizedValue? MatMul(QdqNode node) =>
        node.ReadReal(0) is { } input ? Product(node, input, isTransposed: false, input.Layout.Rank) : null;

    private static PendingResult? Product(QdqNode node, Activation input, bool isTransposed, int rank)
    {
        var (source, layout) = (node.Source, input.Layout);
        if (WeightReader.Read(node, rank: 2, channelAxis: isTransposed ? 0 : 1) is not { } weights)
        {
            return null;
        }

        var (channels, size) = (weights.Dimensions[isTransposed ? 0 : 1], weights.Dimensions[isTransposed ? 1 : 0]);
        if (layout.Rank != rank || rank < 2 || layout.Sizes[^1] != size)
        {
            source.RefuseShapes($"[{string.Join('x', layout.Sizes)}] times a matrix of {size}x{channels}");
            return null;
        }

        if (layout.Innermost(rank - 1) is not { } columns)
        {
            node.RefuseMovement(0, "to rows");
            return null;
        }

        var rows = layout.ElementCount / size;
        if (BiasReader.Read(node, 2, channels, input.Quantization.Scale, weights.Scales) is not { } bias || node.Possible(rows, channels) is not { } shape)
        {
            return null;
        }

        var outputs = Factor.Of(channels);
        var result = new Layout([.. layout.Dimensions[..^1], outputs], [.. layout.Storage[..^columns.Length], .. outputs]);
        var pending = new PendingMatrix(source, input.Tensor, shape, input.Quantization, weights.Scales, Rows(weights, columns, layout.Dimensions[^1], isTransposed))
        {
            Bias = bias,
            HasBias = source.HasInput(2),
        };
        return new PendingResult(pending, result, source.Outputs[0]);
    }

    /// <summary>
    /// The weights as output channel, input, with the inputs in the order of the graph's tensor: where that is an image's N×H×W×C, a file's columns are in the
    /// order C×H×W.
    /// </summary>
    private static ImmutableArray<sbyte> Rows(WeightReader weights, ImmutableArray<Factor> columns, ImmutableArray<Factor> ordered, bool isTransposed)
    {
        if (isTransposed && columns.SequenceEqual(ordered))
        {
            return weights.Values;
        }

        var distance = new Dictionary<Factor, int>();
        var step = 1;
        foreach (var factor in ordered.Reverse())
        {
            distance.Add(factor, step);
            step *= factor.Size;
        }

        var order = Factor.Offsets(columns, distance);
        var (size, channels) = (order.Length, weights.Values.Length / order.Length);
        var rows = new sbyte[weights.Values.Length];
        for (var channel = 0; channel < channels; channel++)
        {
            for (var k = 0; k < size; k++)
            {
                rows[(channel * size) + k] = weights.Values[isTransposed ? (channel * size) + order[k] : (order[k] * channels) + channel];
            }
        }

        return [.. rows];
    }
}
