using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Reference.Model;

namespace Pqs.Reference.Data;

/// <summary>Turns the samples of a data set into int8 inputs of a quantized model.</summary>
public static class SampleQuantizer
{
    /// <summary>
    /// q = clamp(round(real / scale) + zero point), in single precision, a half to the even integer: as ONNX's QuantizeLinear and as numpy.round do. Samples of
    /// int8 are taken as quantized already, unless a scaling is asked for.
    /// </summary>
    /// <param name="data">Samples of the shape of the graph's only input.</param>
    /// <returns>Each sample as the interpreter takes it.</returns>
    public static ImmutableArray<sbyte[]> Quantize(DataSet data, Graph graph, InputScaling scaling)
    {
        var quantization = graph.Tensors[graph.Inputs.Single()].Quantization;
        return [.. Enumerable.Range(0, data.Count).Select(index => Quantize(data, index, quantization, scaling))];
    }

    public static sbyte Quantize(float real, Quantization quantization)
    {
        // The clamp comes before the zero point, where a float still holds every integer.
        var steps = Math.Clamp(MathF.Round(real / quantization.Scale, MidpointRounding.ToEven), -512, 512);
        return (sbyte)Math.Clamp((int)steps + quantization.ZeroPoint, sbyte.MinValue, sbyte.MaxValue);
    }

    private static sbyte[] Quantize(DataSet data, int index, Quantization quantization, InputScaling scaling)
    {
        if (data.Type == ElementType.Int8 && scaling == InputScaling.Usual)
        {
            return MemoryMarshal.Cast<byte, sbyte>(data.Stored(index)).ToArray();
        }

        var reals = scaling.Reals(data, index);
        var sample = new sbyte[reals.Length];
        for (var i = 0; i < sample.Length; i++)
        {
            sample[i] = Quantize(reals[i], quantization);
        }

        return sample;
    }
}
