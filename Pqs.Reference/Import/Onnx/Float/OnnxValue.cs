using System.Collections.Immutable;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>What a name in an ONNX graph stands for.</summary>
internal abstract record OnnxValue
{
    public static ImmutableArray<int> SizesOf(OnnxValue value) => value is ConstantValue constant ? constant.Sizes : ((ActivationValue)value).Sizes;
}

/// <summary>A tensor that does not depend on the model's inputs; either real numbers or integers.</summary>
/// <param name="Sizes">Dimensions; none for a scalar.</param>
/// <param name="Type">The element type's name in ONNX.</param>
/// <param name="Floats">The elements of a tensor of real numbers; else default.</param>
/// <param name="Integers">The elements of a tensor of integers; else default.</param>
internal sealed record ConstantValue(ImmutableArray<int> Sizes, string Type, ImmutableArray<float> Floats, ImmutableArray<long> Integers) : OnnxValue
{
    public static ConstantValue OfIntegers(ImmutableArray<int> sizes, ImmutableArray<long> integers) => new(sizes, "int64", default, integers);
}

/// <summary>A tensor that a node computes, or an input of the model.</summary>
/// <param name="Tensor">Id of the tensor of the graph that has its elements.</param>
/// <param name="Layout">Its dimensions, and where the elements lie in the graph's tensor.</param>
/// <param name="Name">Its name in the file.</param>
/// <param name="Origin">The node of the file that gives it, for a reshape that it may need.</param>
internal sealed record ActivationValue(int Tensor, Layout Layout, string Name, string Origin) : OnnxValue
{
    public ImmutableArray<int> Sizes => Layout.Sizes;

    /// <summary>The dimensions for a message, for example <c>1x3x32x32</c>.</summary>
    public string SizesText => new Shape(Sizes.AsSpan()).ToString();
}
