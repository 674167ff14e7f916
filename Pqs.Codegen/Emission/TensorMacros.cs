using System.Globalization;
using Pqs.Reference.Model;
using Scriban.Runtime;

namespace Pqs.Codegen.Emission;

/// <summary>What the generated header says of an input or output tensor.</summary>
internal static class TensorMacros
{
    public static ScriptObject Model(Tensor tensor, int index) => new()
    {
        ["index"] = index,
        ["name"] = CIdentifier.Comment(tensor.Name),
        ["size"] = tensor.Shape.ElementCount,
        ["rank"] = tensor.Shape.Rank,
        ["shape"] = string.Join(", ", tensor.Shape.Dimensions.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture))),
        ["shape_text"] = tensor.Shape.ToString(),
        ["scale"] = FloatLiteral(tensor.Quantization.Scale),
        ["zero_point"] = tensor.Quantization.ZeroPoint,
        ["is_declared"] = tensor.DeclaredRange != TensorRange.Full,
        ["minimum"] = tensor.DeclaredRange.Minimum,
        ["maximum"] = tensor.DeclaredRange.Maximum,
    };

    /// <summary>The shortest literal that a C compiler reads as exactly this float.</summary>
    private static string FloatLiteral(float value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return (text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0") + "f";
    }
}
