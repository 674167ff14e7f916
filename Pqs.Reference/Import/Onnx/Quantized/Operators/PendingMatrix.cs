using System.Collections.Immutable;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>A matrix times rows of the input, which waits for the quantization of its output.</summary>
/// <param name="Weights">Output channel, input.</param>
internal sealed record PendingMatrix(
    OnnxNode Source, int Tensor, Shape OutputShape, Quantization Input, ImmutableArray<float> WeightScales, ImmutableArray<sbyte> Weights)
    : PendingDotProduct(Source, Tensor, OutputShape, Input, WeightScales)
{
    public override bool HasFreeShape => true;

    protected override bool IsMatrix => true;

    protected override DotProductOperator Build(ImmutableArray<Requantization> requantizations, OutputRange range, LayerMetadata? said)
    {
        var (accumulator, rounding) = Arithmetic(said);
        return new FullyConnected(Weights.Length / OutputChannels)
        {
            Weights = Weights,
            WeightScales = WeightScales,
            Bias = Bias,
            Requantizations = requantizations,
            Rounding = rounding,
            Accumulator = accumulator,
            OutputRange = range,
        };
    }
}
