using Pqs.Reference.Model;

namespace Pqs.Reference.Export;

/// <summary>Clamp bounds as Relu or Clip; bounds of the int8 container need neither.</summary>
internal static class ClampExport
{
    public static string Write(OnnxGraphBuilder builder, string value, OutputRange range, Quantization quantization, string name)
    {
        if (range == OutputRange.Full)
        {
            return value;
        }

        if (range == new OutputRange((sbyte)quantization.ZeroPoint, sbyte.MaxValue))
        {
            return builder.Node("Relu", [value], $"{name}_clamped");
        }

        var minimum = range.Minimum == sbyte.MinValue ? "" : builder.Float($"{name}_minimum", Real(range.Minimum, quantization));
        return builder.Node(
            "Clip",
            range.Maximum == sbyte.MaxValue ? [value, minimum] : [value, minimum, builder.Float($"{name}_maximum", Real(range.Maximum, quantization))],
            $"{name}_clamped");
    }

    /// <summary>The real number that an integer stands for; where single precision cannot hold it, the nearest that it can.</summary>
    public static float Real(int integer, Quantization quantization) =>
        (float)Math.Clamp((integer - quantization.ZeroPoint) * (double)quantization.Scale, float.MinValue, float.MaxValue);
}
