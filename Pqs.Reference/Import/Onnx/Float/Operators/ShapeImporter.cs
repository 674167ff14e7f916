namespace Pqs.Reference.Import.Onnx.Float.Operators;

/// <summary>Operators that give the same elements in the same order, in other dimensions.</summary>
internal static class ShapeImporter
{
    /// <summary>Identity, and Dropout, which is one outside of training.</summary>
    public static OnnxValue? Identity(OnnxNodeReader node) => node.ReadInput(0) is { } value ? node.Renamed(value) : null;

    public static OnnxValue? Dropout(OnnxNodeReader node)
    {
        if (node.HasInput(2) && (node.ReadInput(2) is not ConstantValue { Type: "bool", Integers: [0] }))
        {
            return node.RefuseAttribute("training_mode", "input 2", "only inference is imported");
        }

        return Identity(node);
    }

    public static OnnxValue? Flatten(OnnxNodeReader node)
    {
        if (node.ReadInput(0) is not { } value)
        {
            return null;
        }

        var sizes = OnnxValue.SizesOf(value);
        var given = node.ReadInteger("axis", 1);
        var axis = given < 0 ? given + sizes.Length : given;
        return axis < 0 || axis > sizes.Length
            ? node.RefuseAttribute("axis", given, $"the input has {sizes.Length} dimensions")
            : Reshaping.Apply(node, value, [Reshaping.Product(sizes[..(int)axis]), Reshaping.Product(sizes[(int)axis..])]);
    }

    /// <summary>Of the wanted dimensions, 0 stands for the input's own and one -1 for whatever is left.</summary>
    public static OnnxValue? Reshape(OnnxNodeReader node)
    {
        if (node.ReadInput(0) is not { } value || node.ReadIntegers(1, "the shape") is not { } wanted)
        {
            return null;
        }

        if (node.ReadInteger("allowzero", 0) is var zero && zero != 0 && wanted.Contains(0))
        {
            return node.RefuseAttribute("allowzero", zero, "no dimension may be 0");
        }

        var sizes = OnnxValue.SizesOf(value);
        long[] result = [.. wanted.Select((size, axis) => size == 0 && axis < sizes.Length ? sizes[axis] : size)];
        if (Array.IndexOf(result, -1) is var open && open >= 0)
        {
            result[open] = 1;
            var (given, elements) = (Reshaping.Product(result), Reshaping.Product(sizes));
            result[open] = given > 0 && elements % given == 0 ? elements / given : -1;
        }

        return Reshaping.Apply(node, value, result);
    }
}
