using System.Collections.Immutable;
using Pqs.Reference.Import.Onnx.Quantized.Operators;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>An operator of quantized ONNX files.</summary>
/// <param name="Inputs">Most inputs that it can have.</param>
/// <param name="Attributes">All attributes that it can have; others are refused.</param>
/// <param name="Import">What its first output is; null, reported, where it cannot be imported.</param>
internal sealed record QdqOperator(int Inputs, ImmutableArray<string> Attributes, Func<QdqNode, QuantizedValue?> Import);

/// <summary>The operators of quantized ONNX files that can be imported.</summary>
internal static class QdqOperators
{
    private static readonly ImmutableArray<string> Quantization = ["axis", "block_size", "output_dtype", "precision", "saturate"];
    private static readonly ImmutableArray<string> Pool = ["auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "storage_order", "strides"];

    private static readonly ImmutableSortedDictionary<string, QdqOperator> All = new Dictionary<string, QdqOperator>
    {
        ["Add"] = new(2, [], AddImporter.Import),
        ["AveragePool"] = new(1, Pool, PoolImporter.Average),
        ["Clip"] = new(3, ["max", "min"], ClampImporter.Clip),
        ["Conv"] = new(3, ["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"], ConvolutionImporter.Import),
        ["DequantizeLinear"] = new(3, Quantization, DequantizeImporter.Import),
        ["Dropout"] = new(3, ["ratio", "seed"], ShapeImporter.Identity),
        ["Flatten"] = new(1, ["axis"], ShapeImporter.Flatten),
        ["Gemm"] = new(3, ["alpha", "beta", "transA", "transB"], MatrixImporter.Gemm),
        ["GlobalAveragePool"] = new(1, [], PoolImporter.GlobalAverage),
        ["Identity"] = new(1, [], ShapeImporter.Identity),
        ["MatMul"] = new(2, [], MatrixImporter.MatMul),
        ["MaxPool"] = new(1, Pool, PoolImporter.Max),
        ["Mul"] = new(2, [], SoftmaxImporter.Product),
        ["Pad"] = new(4, ["mode", "pads", "value"], PadImporter.Import),
        ["QuantizeLinear"] = new(3, Quantization, QuantizeImporter.Import),
        ["Relu"] = new(1, [], ClampImporter.Relu),
        ["Reshape"] = new(2, ["allowzero"], ShapeImporter.Reshape),
        ["Softmax"] = new(1, ["axis"], SoftmaxImporter.Import),
        ["Squeeze"] = new(2, ["axes"], ShapeImporter.Squeeze),
        ["Transpose"] = new(1, ["perm"], ShapeImporter.Transpose),
        ["Unsqueeze"] = new(2, ["axes"], ShapeImporter.Unsqueeze),
        ["com.microsoft.DequantizeLinear"] = new(3, Quantization, DequantizeImporter.Import),
        ["com.microsoft.QuantizeLinear"] = new(3, Quantization, QuantizeImporter.Import),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Their names for a message.</summary>
    public static string Names { get; } = string.Join(", ", All.Keys.Where(name => !name.Contains('.', StringComparison.Ordinal)));

    public static QdqOperator? Find(string name) => All.GetValueOrDefault(name);
}
