using Pqs.Reference.Diagnostics;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Padding with zeros. Its numbers are attributes before opset 11 and inputs from then on; axes came with opset 18.</summary>
internal static class PadImporter
{
    public static OnnxValue? Import(OnnxNodeReader node)
    {
        if (node.ReadActivation(0) is not { } value
            || (node.Opset < 11 ? node.ReadIntegers("pads") ?? [] : node.ReadIntegers(1, "the paddings")) is not { } pads
            || (node.HasInput(3) ? node.ReadIntegers(3, "the axes") : [.. Enumerable.Range(0, value.Sizes.Length).Select(axis => (long)axis)]) is not { } axes
            || (node.Opset < 11 ? node.ReadFloat("value", 0) : node.HasInput(2) ? node.ReadScalar(2, "the value") : 0) is not { } filling)
        {
            return null;
        }

        if (node.ReadText("mode", "constant") is var mode && mode != "constant")
        {
            return node.RefuseAttribute("mode", Printable.Name(mode), "only constant padding is imported");
        }

        var rank = value.Sizes.Length;
        if (axes.Length > rank || pads.Length != 2 * axes.Length || axes.Select(axis => axis < 0 ? axis + rank : axis).Distinct().Count() != axes.Length)
        {
            return node.RefuseAttribute("pads", $"[{string.Join(", ", pads.Take(16))}]", $"they are not two for each of {axes.Length} dimensions of {value.SizesText}");
        }

        var (before, after) = (new int[rank], new int[rank]);
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = axes[i] < 0 ? axes[i] + rank : axes[i];
            if (axis < 0 || axis >= rank || !IsPossible(pads[i]) || !IsPossible(pads[axes.Length + i]))
            {
                return node.RefuseAttribute("pads", $"[{string.Join(", ", pads.Take(16))}]", $"they are not paddings of {value.SizesText}");
            }

            before[axis] = (int)pads[i];
            after[axis] = (int)pads[axes.Length + i];
        }

        if (before.Concat(after).All(padding => padding == 0))
        {
            return node.Renamed(value);
        }

        return filling != 0 ? node.RefuseAttribute("value", filling, "padding must be zeros") : Padded(node, value, before, after);
    }

    private static OnnxValue? Padded(OnnxNodeReader node, ActivationValue value, int[] before, int[] after)
    {
        int[] order = value.Layout.IsImage ? [0, 2, 3, 1] : [.. Enumerable.Range(0, value.Sizes.Length)];
        if (!value.Layout.IsImage && !value.Layout.IsPlain)
        {
            return node.RefuseMovement(value, "to be padded");
        }

        var shape = new Shape([.. order.Select(axis => value.Sizes[axis])]);
        long[] sizes = [.. value.Sizes.Select((size, axis) => (long)size + before[axis] + after[axis])];
        if (sizes.Aggregate((Int128)1, (product, size) => product * size) > GraphVerifier.MaximumElements)
        {
            return node.RefuseShapes($"{value.SizesText} would be padded to {string.Join('x', sizes)}");
        }

        var pad = new FloatPad([.. order.Select(axis => before[axis])], [.. order.Select(axis => after[axis])]);
        var padded = sizes.Select(size => (int)size).ToArray();
        return node.Emit(
            pad,
            [node.Graph.InShape(value, shape)],
            new Shape([.. order.Select(axis => padded[axis])]),
            value.Layout.IsImage ? Layout.Image(padded) : Layout.Plain(padded));
    }

    private static bool IsPossible(long padding) => padding is >= 0 and <= GraphVerifier.MaximumElements;
}
