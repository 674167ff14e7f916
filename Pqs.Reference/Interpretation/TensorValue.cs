using Pqs.Reference.Model;

namespace Pqs.Reference.Interpretation;

/// <summary>A tensor with its elements, innermost dimension fastest.</summary>
internal readonly record struct TensorValue(Tensor Tensor, sbyte[] Elements)
{
    public Shape Shape => Tensor.Shape;

    public int ZeroPoint => Tensor.Quantization.ZeroPoint;

    /// <summary>Position of an element of an N×H×W×C tensor.</summary>
    public int Index(int batch, int row, int column, int channel) =>
        (((((batch * Shape[1]) + row) * Shape[2]) + column) * Shape[3]) + channel;
}
