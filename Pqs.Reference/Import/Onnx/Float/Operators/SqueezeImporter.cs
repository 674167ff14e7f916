using System.Collections.Immutable;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Dimensions of 1 that are put in or taken away.</summary>
internal static class SqueezeImporter
{
    /// <summary>Takes away dimensions of 1: those that axes names, or all of them.</summary>
    public static OnnxValue? Squeeze(OnnxNodeReader node)
    {
        if (node.ReadInput(0) is not { } value)
        {
            return null;
        }

        var sizes = OnnxValue.SizesOf(value);
        var all = sizes.Index().Where(size => size.Item == 1).Select(size => (long)size.Index);
        if (ReadAxes(node, sizes.Length, [.. all]) is not { } axes)
        {
            return null;
        }

        return axes.Any(axis => sizes[axis] != 1)
            ? node.RefuseAttribute("axes", $"[{string.Join(", ", axes)}]", "only dimensions of 1 can be taken away")
            : Reshaping.Apply(node, value, [.. sizes.Where((_, axis) => !axes.Contains(axis)).Select(size => (long)size)]);
    }

    /// <summary>Puts dimensions of 1 where axes says.</summary>
    public static OnnxValue? Unsqueeze(OnnxNodeReader node)
    {
        if (node.ReadInput(0) is not { } value)
        {
            return null;
        }

        var sizes = OnnxValue.SizesOf(value);
        var count = (node.Opset < 13 ? node.ReadIntegers("axes") : node.ReadIntegers(1, "the axes"))?.Length ?? 0;
        if (ReadAxes(node, sizes.Length + count, null) is not { } axes)
        {
            return null;
        }

        var rest = new Queue<int>(sizes);
        return Reshaping.Apply(node, value, [.. Enumerable.Range(0, sizes.Length + count).Select(axis => axes.Contains(axis) ? 1L : rest.Dequeue())]);
    }

    /// <summary>Axes are an attribute before opset 13 and an input from then on; each at most once, negative ones counted from the end.</summary>
    private static ImmutableArray<int>? ReadAxes(OnnxNodeReader node, int rank, ImmutableArray<long>? whenAbsent)
    {
        var given = node.Opset < 13 ? node.ReadIntegers("axes") : node.HasInput(1) ? node.ReadIntegers(1, "the axes") : null;
        if ((given ?? whenAbsent) is not { } axes)
        {
            node.RefuseAttribute("axes", "nothing", "dimensions must be named");
            return null;
        }

        ImmutableArray<long> counted = [.. axes.Select(axis => axis < 0 ? axis + rank : axis)];
        if (counted.Length > Reshaping.MaximumRank || counted.Any(axis => axis < 0 || axis >= rank) || counted.Distinct().Count() != counted.Length)
        {
            node.RefuseAttribute("axes", $"[{string.Join(", ", axes.Take(16))}]", $"they do not name dimensions of {rank}");
            return null;
        }

        return [.. counted.Select(axis => (int)axis)];
    }
}
