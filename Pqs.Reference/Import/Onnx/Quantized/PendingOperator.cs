using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>An operator that waits for the quantization of its output.</summary>
/// <param name="Node">Where it comes from.</param>
/// <param name="Inputs">Tensor ids, of tensors in the shapes that the operator needs.</param>
/// <param name="Shape">The output's shape.</param>
internal abstract record PendingOperator(OnnxNode Node, ImmutableArray<int> Inputs, Shape Shape)
{
    /// <summary>True where the output may have any shape of as many elements.</summary>
    public virtual bool HasFreeShape => false;

    /// <summary>The quantization with which the result needs no rounding, because integers only move; null for operators that compute.</summary>
    public virtual Quantization? Kept => null;

    /// <summary>The operator; null, reported, where it cannot be.</summary>
    /// <param name="output">Quantization of the output; the kept one where there is one.</param>
    /// <param name="range">Clamp bounds.</param>
    /// <param name="said">The file's metadata of the layer.</param>
    public abstract Operator? Build(Quantization output, OutputRange range, LayerMetadata? said);
}
