using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>A bias as integers in units of input scale times weight scale.</summary>
internal static class BiasReader
{
    /// <summary>Largest relative difference of a bias's scale from the products' that is their rounding.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>An operand that may be absent, then it is 0. Null, reported, where it is not one number for each output channel.</summary>
    /// <param name="node">The node.</param>
    /// <param name="index">The operand.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="inputScale">The input's scale.</param>
    /// <param name="weightScales">One for all, or one for each output channel.</param>
    public static ImmutableArray<int>? Read(QdqNode node, int index, int channels, float inputScale, ImmutableArray<float> weightScales)
    {
        if (!node.Source.HasInput(index))
        {
            return [.. new int[channels]];
        }

        var operand = node.Source.Inputs[index]!;
        if (operand.Constant is { } constant)
        {
            return constant.ReadFloats(node.Place, node.Diagnostics) is { } reals && RequireLength(node, constant.Dimensions, reals.Length, channels)
                ? Rounded(node, channels, channel => reals[reals.Length == 1 ? 0 : channel], UnitOf)
                : null;
        }

        if (node.ValueOf(index) is not DequantizedConstant bias)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.ConstantExpected, node.Place, "the bias", operand.QuotedName);
            return null;
        }

        var integers = bias.Integers.Values;
        if (!RequireLength(node, bias.Integers.Dimensions, integers.Length, channels))
        {
            return null;
        }

        // A scale that is the products' makes the integers the bias; another one makes them real numbers.
        return bias.ZeroPoint == 0 && Enumerable.Range(0, channels).All(IsInUnits)
            ? [.. Enumerable.Range(0, channels).Select(IntegerOf)]
            : Rounded(node, channels, channel => ScaleOf(channel) * (double)(IntegerOf(channel) - (long)bias.ZeroPoint), UnitOf);

        bool IsInUnits(int channel) =>
            Math.Abs(ScaleOf(channel) - UnitOf(channel)) <= Tolerance * UnitOf(channel)
            || ScaleOf(channel) == ScaleFactors.OfBias(inputScale, weightScales[weightScales.Length == 1 ? 0 : channel]);

        int IntegerOf(int channel) => integers[integers.Length == 1 ? 0 : channel];

        float ScaleOf(int channel) => bias.Scales[bias.Scales.Length == 1 ? 0 : channel];

        double UnitOf(int channel) => (double)inputScale * weightScales[weightScales.Length == 1 ? 0 : channel];
    }

    /// <summary>One number for each channel, or one for all, whatever dimensions of 1 stand around them.</summary>
    private static bool RequireLength(QdqNode node, ImmutableArray<int> dimensions, int length, int channels)
    {
        if (length == 1 || (length == channels && dimensions.Count(dimension => dimension != 1) == 1))
        {
            return true;
        }

        node.Diagnostics.Report(DiagnosticDescriptors.ConstantLength, node.Place, $"the bias of [{string.Join('x', dimensions)}]", length, channels);
        return false;
    }

    /// <summary>Half to even, as the tools that quantize ONNX models do.</summary>
    private static ImmutableArray<int>? Rounded(QdqNode node, int channels, Func<int, double> real, Func<int, double> unit)
    {
        var bias = new int[channels];
        for (var channel = 0; channel < channels; channel++)
        {
            var steps = Math.Round(real(channel) / unit(channel), MidpointRounding.ToEven);
            if (!(Math.Abs(steps) <= int.MaxValue))
            {
                node.Diagnostics.Report(DiagnosticDescriptors.ValueMayOverflow, node.Place, channel, $"a bias of {real(channel)}");
                return null;
            }

            bias[channel] = (int)steps;
        }

        return [.. bias];
    }
}
