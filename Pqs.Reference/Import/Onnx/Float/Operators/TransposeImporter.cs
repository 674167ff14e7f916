using System.Collections.Immutable;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Transpose: of an activation it changes the layout only; a constant is computed.</summary>
internal static class TransposeImporter
{
    public static OnnxValue? Import(OnnxNodeReader node)
    {
        if (node.ReadInput(0) is not { } value)
        {
            return null;
        }

        var rank = OnnxValue.SizesOf(value).Length;
        var permutation = node.ReadIntegers("perm") ?? [.. Enumerable.Range(0, rank).Reverse().Select(axis => (long)axis)];
        if (!permutation.Order().SequenceEqual(Enumerable.Range(0, rank).Select(axis => (long)axis)))
        {
            return node.RefuseAttribute("perm", $"[{string.Join(", ", permutation)}]", $"it does not order {rank} dimensions");
        }

        ImmutableArray<int> axes = [.. permutation.Select(axis => (int)axis)];
        return value is ActivationValue activation
            ? node.Renamed(activation with { Layout = activation.Layout.Transposed(axes) })
            : Transposed(node, (ConstantValue)value, axes);
    }

    private static OnnxValue? Transposed(OnnxNodeReader node, ConstantValue constant, ImmutableArray<int> axes)
    {
        if (constant.Sizes.Contains(0))
        {
            return node.RefuseShapes($"a constant of [{string.Join('x', constant.Sizes)}] has no elements");
        }

        if (!node.Claim(Reshaping.Product(constant.Sizes)))
        {
            return null;
        }

        var layout = Layout.Plain(constant.Sizes);
        var turned = layout.Transposed(axes);
        var order = Factor.Offsets([.. turned.Dimensions.SelectMany(factors => factors)], Factor.Distances(layout.Storage));
        return constant with
        {
            Sizes = turned.Sizes,
            Floats = constant.Floats.IsDefault ? default : [.. order.Select(offset => constant.Floats[offset])],
            Integers = constant.Integers.IsDefault ? default : [.. order.Select(offset => constant.Integers[offset])],
        };
    }
}
