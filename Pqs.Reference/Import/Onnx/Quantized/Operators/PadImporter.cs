using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Pad with zeros.</summary>
internal static class PadImporter
{
    public static QuantizedValue? Import(QdqNode node)
    {
        var source = node.Source;
        if (node.ReadReal(0) is not { } input || source.ReadString("mode", "constant") is not { } mode || ReadPads(node, input.Layout.Rank) is not { } pads || !RequireZero(source))
        {
            return null;
        }

        if (mode != "constant")
        {
            source.RefuseAttribute("mode", Printable.Name(mode), "only constant padding is imported");
            return null;
        }

        if (Orientation.Of(node, input) is not { } orientation)
        {
            node.RefuseMovement(0, "to pad its dimensions");
            return null;
        }

        var (tensor, order) = orientation;
        var (rank, shape) = (order.Length, node.Draft[tensor].Shape);
        if (rank > Pad.MaximumRank)
        {
            source.RefuseShapes($"padding of {rank} dimensions; at most {Pad.MaximumRank} are possible");
            return null;
        }

        ImmutableArray<int> before = [.. order.Select(axis => pads[axis])];
        ImmutableArray<int> after = [.. order.Select(axis => pads[rank + axis])];
        long[] sizes = [.. shape.Dimensions.Select((size, axis) => (long)size + before[axis] + after[axis])];
        return node.Possible(sizes) is { } padded
            ? new PendingResult(new PendingPad(source, tensor, padded, input.Quantization, before, after), Orientation.LayoutOf(padded, order), source.Outputs[0])
            : null;
    }

    /// <summary>Elements before and then behind each dimension: an attribute before opset 11, an input from then on, with dimensions named from opset 18 on.</summary>
    private static ImmutableArray<int>? ReadPads(QdqNode node, int rank)
    {
        var source = node.Source;
        if ((source.Opset < 11 ? source.ReadIntegers("pads", []) : source.ReadIntegers(1, "the pads")) is not { } given)
        {
            return null;
        }

        ImmutableArray<long> all = [.. Enumerable.Range(0, rank).Select(axis => (long)axis)];
        if ((source.Opset >= 18 && source.HasInput(3) ? source.ReadIntegers(3, "the axes") : all) is not { } axes)
        {
            return null;
        }

        if (given.Length != 2 * axes.Length || axes.Any(axis => axis < -rank || axis >= rank) || given.Any(pad => pad is < 0 or > GraphVerifier.MaximumElements))
        {
            source.RefuseAttribute("pads", $"[{string.Join(", ", given.Take(16))}]", $"two numbers of at least 0 are needed for each of {axes.Length} dimensions");
            return null;
        }

        var pads = new int[2 * rank];
        foreach (var (i, axis) in axes.Index())
        {
            var target = (int)(axis < 0 ? axis + rank : axis);
            (pads[target], pads[rank + target]) = ((int)given[i], (int)given[axes.Length + i]);
        }

        return [.. pads];
    }

    private static bool RequireZero(OnnxNode node)
    {
        var value = node.Opset < 11 ? node.ReadFloat("value", 0) : !node.HasInput(2) ? 0 : node.ReadFloats(2, "the value") is [var given] ? given : null;
        if (value is not null and not 0)
        {
            node.RefuseAttribute("value", value, "only zeros can be padded");
        }
        else if (value == null && !node.Diagnostics.HasErrors)
        {
            node.RefuseAttribute("value", "not one number", "only zeros can be padded");
        }

        return value == 0;
    }
}

/// <summary>A padding; the zeros are the input's zero point.</summary>
internal sealed record PendingPad(OnnxNode Source, int Tensor, Shape OutputShape, Quantization Input, ImmutableArray<int> Before, ImmutableArray<int> After)
    : PendingOperator(Source, [Tensor], OutputShape)
{
    public override Quantization? Kept => Input;

    public override Operator? Build(Quantization output, OutputRange range, LayerMetadata? said)
    {
        if (range == OutputRange.Full)
        {
            return new Pad(Before, After);
        }

        Node.Diagnostics.Report(DiagnosticDescriptors.QdqExpected, Node.Place, Printable.Name(Node.Outputs[0]), "is clamped before it is quantized, which a padding cannot be");
        return null;
    }
}
