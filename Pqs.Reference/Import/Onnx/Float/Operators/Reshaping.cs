using System.Collections.Immutable;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Other dimensions for the same elements: of an activation that changes the layout only.</summary>
internal static class Reshaping
{
    /// <summary>More dimensions than a tensor may have, since those in between may be more.</summary>
    public const int MaximumRank = 8;

    public static OnnxValue? Apply(OnnxNodeReader node, OnnxValue value, ReadOnlySpan<long> wanted)
    {
        var sizes = OnnxValue.SizesOf(value);
        if (wanted.Length > MaximumRank)
        {
            return node.RefuseShapes($"{wanted.Length} dimensions; at most {MaximumRank} are imported");
        }

        if (wanted.ContainsAnyInRange(long.MinValue, 0) || Product(wanted) != Product(sizes))
        {
            return node.RefuseShapes($"[{string.Join('x', sizes)}] does not have as many elements as [{string.Join('x', wanted.ToArray().Take(16))}]");
        }

        ImmutableArray<int> result = [.. wanted.ToArray().Select(size => (int)size)];
        if (value is ConstantValue constant)
        {
            return constant with { Sizes = result };
        }

        var activation = (ActivationValue)value;
        return activation.Layout.Reshaped(result.AsSpan()) is { } layout
            ? node.Renamed(activation with { Layout = layout })
            : node.RefuseMovement(activation, $"to {string.Join('x', result)}");
    }

    public static long Product(ImmutableArray<int> sizes) => sizes.Aggregate(1L, (product, size) => product * size);

    /// <summary>Held where it can no longer be a number of elements.</summary>
    public static long Product(ReadOnlySpan<long> sizes)
    {
        var product = 1L;
        foreach (var size in sizes)
        {
            product = (long)Int128.Clamp((Int128)product * size, -1L << 40, 1L << 40);
        }

        return product;
    }
}
