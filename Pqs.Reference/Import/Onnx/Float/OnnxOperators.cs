using System.Collections.Immutable;
using Pqs.Reference.Import.Onnx.Float.Operators;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>The operators that are imported, each with how many inputs and which attributes it may have.</summary>
internal static class OnnxOperators
{
    private static readonly Dictionary<string, OnnxOperator> All = new()
    {
        ["Add"] = new(ElementwiseImporter.Arithmetic, 2),
        ["AveragePool"] = new(PoolImporter.Pool, 1, "auto_pad", "ceil_mode", "count_include_pad", "dilations", "kernel_shape", "pads", "strides"),
        ["BatchNormalization"] = new(NormalizationImporter.Import, 5, "epsilon", "momentum", "training_mode"),
        ["Cast"] = new(ShapeArithmeticImporter.Cast, 1, "to", "saturate", "round_mode"),
        ["Clip"] = new(ElementwiseImporter.Clip, 3) { Earlier = new(11, 1, "max", "min") },
        ["Concat"] = new(ShapeArithmeticImporter.Concat, int.MaxValue, "axis"),
        ["Conv"] = new(ConvolutionImporter.Import, 3, "auto_pad", "dilations", "group", "kernel_shape", "pads", "strides"),
        ["Div"] = new(ElementwiseImporter.Arithmetic, 2),
        ["Dropout"] = new(ShapeImporter.Dropout, 3, "seed") { Earlier = new(12, 1, "ratio") },
        ["Flatten"] = new(ShapeImporter.Flatten, 1, "axis"),
        ["Gather"] = new(ShapeArithmeticImporter.Gather, 2, "axis"),
        ["Gemm"] = new(MatrixImporter.Gemm, 3, "alpha", "beta", "transA", "transB"),
        ["GlobalAveragePool"] = new(PoolImporter.GlobalPool, 1),
        ["GlobalMaxPool"] = new(PoolImporter.GlobalPool, 1),
        ["Identity"] = new(ShapeImporter.Identity, 1),
        ["MatMul"] = new(MatrixImporter.MatMul, 2),
        ["MaxPool"] = new(PoolImporter.Pool, 1, "auto_pad", "ceil_mode", "dilations", "kernel_shape", "pads", "storage_order", "strides"),
        ["Mul"] = new(ElementwiseImporter.Arithmetic, 2),
        ["Pad"] = new(PadImporter.Import, 4, "mode") { Earlier = new(11, 1, "mode", "pads", "value") },
        ["ReduceMean"] = new(PoolImporter.ReduceMean, 2, "keepdims", "noop_with_empty_axes") { Earlier = new(18, 1, "axes", "keepdims") },
        ["Relu"] = new(ElementwiseImporter.Relu, 1),
        ["Reshape"] = new(ShapeImporter.Reshape, 2, "allowzero"),
        ["Shape"] = new(ShapeArithmeticImporter.Shape, 1, "start", "end"),
        ["Slice"] = new(ShapeArithmeticImporter.Slice, 5) { Earlier = new(10, 1, "axes", "ends", "starts") },
        ["Softmax"] = new(SoftmaxImporter.Import, 1, "axis"),
        ["Squeeze"] = new(SqueezeImporter.Squeeze, 2) { Earlier = new(13, 1, "axes") },
        ["Sub"] = new(ElementwiseImporter.Arithmetic, 2),
        ["Transpose"] = new(TransposeImporter.Import, 1, "perm"),
        ["Unsqueeze"] = new(SqueezeImporter.Unsqueeze, 2) { Earlier = new(13, 1, "axes") },
    };

    /// <summary>For messages; the reader of the file has taken the constants.</summary>
    public static string Names => string.Join(", ", All.Keys.Append("Constant").Order(StringComparer.Ordinal));

    public static OnnxOperator? Find(string name) => All.GetValueOrDefault(name);
}

/// <param name="Import">What the first output stands for; null when something was reported.</param>
/// <param name="Inputs">Most inputs.</param>
/// <param name="Attributes">The attributes that it reads, or that say nothing about inference.</param>
internal sealed record OnnxOperator(Func<OnnxNodeReader, OnnxValue?> Import, int Inputs, params ImmutableArray<string> Attributes)
{
    /// <summary>How it was before an operator set, if that was different: most often, what are inputs now were attributes.</summary>
    public EarlierForm? Earlier { get; init; }

    /// <summary>False, reported, for inputs and attributes that the operator does not have: they would change what the node means.</summary>
    public bool RequireForm(OnnxNode node)
    {
        var isEarlier = node.Opset < Earlier?.Before;
        var inputs = isEarlier ? Earlier!.Inputs : Inputs;
        if (node.Inputs.Length > inputs)
        {
            node.RefuseAttribute("inputs", node.Inputs.Length, $"in operator set {node.Opset} it has at most {inputs}");
            return false;
        }

        return node.RequireAttributes((isEarlier ? Earlier!.Attributes : Attributes).AsSpan());
    }
}

/// <param name="Before">The operator set that changed it.</param>
/// <param name="Inputs">Most inputs.</param>
/// <param name="Attributes">All attributes.</param>
internal sealed record EarlierForm(int Before, int Inputs, params ImmutableArray<string> Attributes);
