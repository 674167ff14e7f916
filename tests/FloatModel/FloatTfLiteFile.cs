using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.FloatModel;

/// <summary>Makes float models of int8 ones: the same layers, with float tensors, and with the integers of weights and biases as real numbers.</summary>
internal static class FloatTfLiteFile
{
    private const sbyte Float32 = 0;
    private const int Softmax = 25;

    /// <summary>Convolution, depthwise convolution and matrix: their operands 1 and 2 are weights and bias.</summary>
    private static readonly int[] WithWeights = [3, 4, 9];

    public static TfLiteFile Of(TfLiteFile quantized)
    {
        var tensors = quantized.Subgraph.Tensors.ToArray();
        var buffers = quantized.Buffers.ToList();
        foreach (var @operator in quantized.Subgraph.Operators.Where(@operator => WithWeights.Contains(Code(quantized, @operator))))
        {
            foreach (var operand in @operator.Inputs.Skip(1).Where(operand => tensors[operand].Type != Float32))
            {
                buffers.Add(new TfLiteBuffer(Floats(tensors[operand].Type, buffers[(int)tensors[operand].Buffer].Data!.Value)));
                tensors[operand] = tensors[operand] with { Type = Float32, Buffer = (uint)(buffers.Count - 1), Quantization = null };
            }
        }

        for (var index = 0; index < tensors.Length; index++)
        {
            if (tensors[index].Type == TfLiteTensor.Int8)
            {
                tensors[index] = tensors[index] with { Type = Float32, Quantization = null };
            }
        }

        var operators = quantized.Subgraph.Operators.Select(@operator => Code(quantized, @operator) == Softmax ? @operator.WithOption(0, 1f) : @operator);
        return quantized.WithSubgraph(subgraph => subgraph with { Tensors = [.. tensors], Operators = [.. operators] }) with { Buffers = [.. buffers] };
    }

    public static int Code(TfLiteFile file, TfLiteOperator @operator) => file.OperatorCodes[(int)@operator.Code].Builtin;

    private static ImmutableArray<byte> Floats(sbyte type, ImmutableArray<byte> data)
    {
        var values = type == TfLiteTensor.Int8
            ? MemoryMarshal.Cast<byte, sbyte>(data.AsSpan()).ToArray().Select(value => (float)value)
            : MemoryMarshal.Cast<byte, int>(data.AsSpan()).ToArray().Select(value => (float)value);
        return [.. MemoryMarshal.AsBytes(values.ToArray().AsSpan())];
    }
}
