using System.Collections.Immutable;
using Pqs.Reference.Import.Onnx.Quantized.Operators;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>An operator of quantized ONNX files.</summary>
/// <param name="Attributes">All attributes that it can have; others are refused.</param>
/// <param name="Import">What its first output is; null, reported, where it cannot be imported.</param>
internal sealed record QdqOperator(ImmutableArray<string> Attributes, Func<QdqNode, QuantizedValue?> Import);

/// <summary>The operators of quantized ONNX files that can be imported.</summary>
internal static class QdqOperators
{
    private static readonly ImmutableArray<string> Quantization = ["axis", "block_size", "output_dtype", "precision", "saturate"];
    private static readonly ImmutableArray<string> Pool = ["auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "storage_order", "strides"];

    private static readonly ImmutableSortedDictionary<string, QdqOperator> All = new Dictionary<string, QdqOperator>
    {
        ["Add"] = new([], AddImporter.Import),
        ["AveragePool"] = new(Pool, PoolImporter.Average),
        ["Clip"] = new(["max", "min"], ClampImporter.Clip),
        ["Conv"] = new(["auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"], ConvolutionImporter.Import),
        ["DequantizeLinear"] = new(Quantization, DequantizeImporter.Import),
        ["Dropout"] = new(["ratio", "seed"], ShapeImporter.Identity),
        ["Flatten"] = new(["axis"], ShapeImporter.Flatten),
        ["Gemm"] = new(["alpha", "beta", "transA", "transB"], MatrixImporter.Gemm),
        ["GlobalAveragePool"] = new([], PoolImporter.GlobalAverage),
        ["Identity"] = new([], ShapeImporter.Identity),
        ["MatMul"] = new([], MatrixImporter.MatMul),
        ["MaxPool"] = new(Pool, PoolImporter.Max),
        ["Mul"] = new([], SoftmaxImporter.Product),
        ["Pad"] = new(["mode", "pads", "value"], PadImporter.Import),
        ["QuantizeLinear"] = new(Quantization, QuantizeImporter.Import),
        ["Relu"] = new([], ClampImporter.Relu),
        ["Reshape"] = new(["allowzero"], ShapeImporter.Reshape),
        ["Softmax"] = new(["axis"], SoftmaxImporter.Import),
        ["Squeeze"] = new(["axes"], ShapeImporter.Squeeze),
        ["Transpose"] = new(["perm"], ShapeImporter.Transpose),
        ["Unsqueeze"] = new(["axes"], ShapeImporter.Unsqueeze),
        ["com.microsoft.DequantizeLinear"] = new(Quantization, DequantizeImporter.Import),
        ["com.microsoft.QuantizeLinear"] = new(Quantization, QuantizeImporter.Import),
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Their names for a message.</summary>
    public static string Names { get; } = string.Join(", ", All.Keys.Where(name => !name.Contains('.', StringComparison.Ordinal)));

    public static QdqOperator? Find(string name) => All.GetValueOrDefault(name);
}
