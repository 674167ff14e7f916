using System.Collections.Immutable;
using Pqs.Reference.Import.Onnx.Float;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Operators that give the same elements other dimensions, of real numbers and of integers.</summary>
internal static class ShapeImporter
{
    /// <summary>Identity, and Dropout, which is one outside of training.</summary>
    public static QuantizedValue? Identity(QdqNode node)
    {
        if (node.Source.HasInput(2))
        {
            node.Source.RefuseAttribute("training_mode", node.Source.Inputs[2]!.QuotedName, "only inference is imported");
            return null;
        }

        return node.ValueOf(0) is { } value ? value : node.ReadAny(0);
    }

    public static QuantizedValue? Transpose(QdqNode node)
    {
        if ((node.ValueOf(0) ?? node.ReadAny(0)) is not { } value)
        {
            return null;
        }

        var rank = value switch
        {
            DequantizedConstant constant => constant.Integers.Dimensions.Length,
            IntegerConstant constant => constant.Dimensions.Length,
            _ => LayoutOf(value).Rank,
        };
        if (node.Source.ReadIntegers("perm", [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)]) is not { } permutation)
        {
            return null;
        }

        if (!permutation.Order().SequenceEqual(Enumerable.Range(0, rank).Select(axis => (long)axis)))
        {
            node.Source.RefuseAttribute("perm", $"[{string.Join(", ", permutation.Take(16))}]", $"it does not order {rank} dimensions");
            return null;
        }

        ImmutableArray<int> axes = [.. permutation.Select(axis => (int)axis)];
        return value switch
        {
            Activation activation => activation with { Layout = activation.Layout.Transposed(axes) },
            PendingResult pending => pending with { Layout = pending.Layout.Transposed(axes) },
            DequantizedConstant constant => node.Draft.Claim(constant.Integers.Values.Length)
                ? constant with { Integers = Transposed(constant.Integers, axes), Axis = axes.IndexOf(constant.Axis) }
                : null,
            IntegerConstant constant => node.Draft.Claim(constant.Values.Length) ? Transposed(constant, axes) : null,
            _ => null,
        };
    }

    public static QuantizedValue? Flatten(QdqNode node)
    {
        if (node.ReadAny(0) is not { } value || node.Source.ReadInteger("axis", 1) is not { } given)
        {
            return null;
        }

        var sizes = LayoutOf(value).Sizes;
        var axis = given < 0 ? given + sizes.Length : given;
        if (axis < 0 || axis > sizes.Length)
        {
            node.Source.RefuseAttribute("axis", given, $"the input has {sizes.Length} dimensions");
            return null;
        }

        return Reshaped(node, value, [Product(sizes[..(int)axis]), Product(sizes[(int)axis..])]);
    }

    /// <summary>Of the wanted dimensions, 0 stands for the input's own and one -1 for whatever is left.</summary>
    public static QuantizedValue? Reshape(QdqNode node)
    {
        if (node.ReadAny(0) is not { } value
            || node.Source.ReadIntegers(1, "the shape") is not { } wanted
            || node.Source.ReadInteger("allowzero", 0) is not { } zero)
        {
            return null;
        }

        if (zero != 0 && wanted.Contains(0))
        {
            node.Source.RefuseAttribute("allowzero", zero, "no dimension may be 0");
            return null;
        }

        var sizes = LayoutOf(value).Sizes;
        long[] result = [.. wanted.Take(Shape.MaximumRank + 1).Select((size, axis) => size == 0 && axis < sizes.Length ? sizes[axis] : size)];
        if (Array.IndexOf(result, -1) is var open && open >= 0)
        {
            result[open] = 1;
            var given = result.Aggregate((Int128)1, (product, size) => product * size);
            result[open] = given > 0 && Product(sizes) % given == 0 ? (long)(Product(sizes) / given) : -1;
        }

        return Reshaped(node, value, result);
    }

    /// <summary>Takes away dimensions of 1: those that axes names, or all of them.</summary>
    public static QuantizedValue? Squeeze(QdqNode node)
    {
        if (node.ReadAny(0) is not { } value)
        {
            return null;
        }

        var sizes = LayoutOf(value).Sizes;
        if (ReadAxes(node, sizes.Length, [.. sizes.Index().Where(size => size.Item == 1).Select(size => (long)size.Index)]) is not { } axes)
        {
            return null;
        }

        if (axes.Any(axis => sizes[axis] != 1))
        {
            node.Source.RefuseAttribute("axes", $"[{string.Join(", ", axes)}]", "only dimensions of 1 can be taken away");
            return null;
        }

        return Reshaped(node, value, [.. sizes.Where((_, axis) => !axes.Contains(axis)).Select(size => (long)size)]);
    }

    /// <summary>Puts dimensions of 1 where axes says.</summary>
    public static QuantizedValue? Unsqueeze(QdqNode node)
    {
        if (node.ReadAny(0) is not { } value || GivenAxes(node) is not { } given)
        {
            return null;
        }

        var sizes = LayoutOf(value).Sizes;
        if (given.Length > Shape.MaximumRank || ReadAxes(node, sizes.Length + given.Length, []) is not { } axes)
        {
            return null;
        }

        var rest = new Queue<int>(sizes);
        return Reshaped(node, value, [.. Enumerable.Range(0, sizes.Length + given.Length).Select(axis => axes.Contains(axis) ? 1L : rest.Dequeue())]);
    }

    /// <summary>Axes are an attribute before opset 13 and an input from then on; empty where there are none.</summary>
    private static ImmutableArray<long>? GivenAxes(QdqNode node) =>
        node.Source.Opset < 13 ? node.Source.ReadIntegers("axes", []) : node.Source.HasInput(1) ? node.Source.ReadIntegers(1, "the axes") : [];

    /// <summary>Each dimension at most once, negative ones counted from the end.</summary>
    private static ImmutableArray<int>? ReadAxes(QdqNode node, int rank, ImmutableArray<long> whenEmpty)
    {
        if (GivenAxes(node) is not { } given)
        {
            return null;
        }

        ImmutableArray<long> counted = [.. (given.IsEmpty ? whenEmpty : given).Take(2 * Shape.MaximumRank).Select(axis => axis < 0 ? axis + rank : axis)];
        if (counted.Any(axis => axis < 0 || axis >= rank) || counted.Distinct().Count() != counted.Length)
        {
            node.Source.RefuseAttribute("axes", $"[{string.Join(", ", given.Take(16))}]", $"they do not name dimensions of {rank}");
            return null;
        }

        return [.. counted.Select(axis => (int)axis)];
    }

    private static QuantizedValue? Reshaped(QdqNode node, QuantizedValue value, long[] wanted)
    {
        var layout = LayoutOf(value);
        if (wanted.Length > Shape.MaximumRank || wanted.Any(size => size < 1) || wanted.Aggregate((Int128)1, (product, size) => product * size) != layout.ElementCount)
        {
            node.Source.RefuseShapes($"[{string.Join('x', layout.Sizes)}] cannot become [{string.Join('x', wanted.Take(16))}]");
            return null;
        }

        int[] sizes = [.. wanted.Select(size => (int)size)];
        if (layout.Reshaped(sizes) is not { } reshaped)
        {
            node.RefuseMovement(0, $"to {string.Join('x', sizes)}");
            return null;
        }

        // A scalar has one dimension in the graph.
        reshaped = sizes.Length == 0 ? Layout.Plain([1]) : reshaped;
        return value switch
        {
            Activation { Form: ActivationForm.Integers } integers => ResultEmitter.Reshaped(node, integers with { Layout = reshaped }, node.Source.Outputs[0]),
            Activation activation => activation with { Layout = reshaped, IsReshaped = true },
            PendingResult pending => pending with { Layout = reshaped, IsReshaped = true },
            _ => null,
        };
    }

    private static Layout LayoutOf(QuantizedValue value) => value switch
    {
        Activation activation => activation.Layout,
        PendingResult pending => pending.Layout,
        _ => throw new InvalidOperationException("Only activations have a layout."),
    };

    private static IntegerConstant Transposed(IntegerConstant constant, ImmutableArray<int> axes)
    {
        var strides = new int[axes.Length];
        for (var (axis, stride) = (axes.Length - 1, 1); axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= constant.Dimensions[axis];
        }

        ImmutableArray<int> dimensions = [.. axes.Select(axis => constant.Dimensions[axis])];
        var values = new int[constant.Values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var (source, rest) = (0, i);
            for (var axis = axes.Length - 1; axis >= 0; axis--)
            {
                source += rest % dimensions[axis] * strides[axes[axis]];
                rest /= dimensions[axis];
            }

            values[i] = constant.Values[source];
        }

        return constant with { Dimensions = dimensions, Values = [.. values] };
    }

    private static long Product(ImmutableArray<int> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
