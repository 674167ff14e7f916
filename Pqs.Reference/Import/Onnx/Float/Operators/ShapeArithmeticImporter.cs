using System.Collections.Immutable;

namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>
/// What exporters write to compute the operand of a reshape from the shape of a tensor. Since shapes are fixed here, all of it is constant.
/// </summary>
internal static class ShapeArithmeticImporter
{
    /// <summary>Longest list of integers that is computed; shapes are shorter by far.</summary>
    private const int MaximumLength = 64;

    public static OnnxValue? Shape(OnnxNodeReader node)
    {
        if (node.ReadInput(0) is not { } value)
        {
            return null;
        }

        var sizes = OnnxValue.SizesOf(value);
        var start = Bound(node.ReadInteger("start", 0), sizes.Length);
        var end = Bound(node.ReadInteger("end", sizes.Length), sizes.Length);
        return List([.. sizes[start..Math.Max(start, end)].Select(size => (long)size)]);
    }

    /// <summary>Elements of a list; of one index also as a scalar.</summary>
    public static OnnxValue? Gather(OnnxNodeReader node)
    {
        if (ReadList(node, 0) is not { } list
            || node.ReadIntegers(1, "the indices") is not { } indices
            || node.ReadInput(1) is not ConstantValue { Sizes: var sizes })
        {
            return null;
        }

        if (node.ReadInteger("axis", 0) is not (0 or -1) || indices.Length > MaximumLength || indices.Any(index => index < -list.Length || index >= list.Length))
        {
            return node.RefuseAttribute("indices", $"[{string.Join(", ", indices.Take(16))}]", $"they do not name elements of a list of {list.Length}");
        }

        return ConstantValue.OfIntegers(sizes, [.. indices.Select(index => list[(int)(index < 0 ? index + list.Length : index)])]);
    }

    public static OnnxValue? Concat(OnnxNodeReader node)
    {
        var joined = ImmutableArray.CreateBuilder<long>();
        for (var input = 0; node.HasInput(input); input++)
        {
            if (ReadList(node, input) is not { } list)
            {
                return null;
            }

            joined.AddRange(list);
            if (joined.Count > MaximumLength)
            {
                return node.RefuseShapes($"a list of more than {MaximumLength} integers");
            }
        }

        return List(joined.ToImmutable());
    }

    /// <summary>A run of a list, in steps of 1.</summary>
    public static OnnxValue? Slice(OnnxNodeReader node)
    {
        if (ReadList(node, 0) is not { } list
            || (node.Opset < 10 ? node.ReadIntegers("starts") ?? [] : node.ReadIntegers(1, "the starts")) is not { } starts
            || (node.Opset < 10 ? node.ReadIntegers("ends") ?? [] : node.ReadIntegers(2, "the ends")) is not { } ends
            || (node.Opset >= 10 && node.HasInput(4) ? node.ReadIntegers(4, "the steps") : [1]) is not { } steps)
        {
            return null;
        }

        if (starts.Length != 1 || ends.Length != 1 || steps is not [1])
        {
            return node.RefuseAttribute("steps", $"[{string.Join(", ", steps.Take(16))}]", "only a run of a list can be taken");
        }

        var (start, end) = (Bound(starts[0], list.Length), Bound(ends[0], list.Length));
        return List(list[start..Math.Max(start, end)]);
    }

    /// <summary>Only from integers to integers.</summary>
    public static OnnxValue? Cast(OnnxNodeReader node)
    {
        if (node.ReadInput(0) is not ConstantValue { Integers.IsDefault: false } constant || node.ReadInteger("to", 0) is not (6 or 7))
        {
            return node.RefuseAttribute("to", node.ReadInteger("to", 0), "only integers of shapes can be cast, to integers");
        }

        return constant;
    }

    private static ImmutableArray<long>? ReadList(OnnxNodeReader node, int input)
    {
        if (node.ReadInput(input) is not ConstantValue { Sizes.Length: 1, Integers.IsDefault: false, Integers.Length: <= MaximumLength } list)
        {
            node.RefuseAttribute($"input {input}", "no list", $"{node.OperatorType} is taken only where it computes shapes");
            return null;
        }

        return list.Integers;
    }

    /// <summary>A position that may be counted from the end, inside the list.</summary>
    private static int Bound(long position, int length) => (int)Math.Clamp(position < 0 ? position + length : position, 0, length);

    private static ConstantValue List(ImmutableArray<long> integers) => ConstantValue.OfIntegers([integers.Length], integers);
}
