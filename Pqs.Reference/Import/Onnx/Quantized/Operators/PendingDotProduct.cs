using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>A convolution or a matrix that waits for the quantization of its output.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Tensor">The input.</param>
/// <param name="OutputShape">The output's shape.</param>
/// <param name="Input">What the input's integers stand for.</param>
/// <param name="WeightScales">One for all, or one for each output channel.</param>
internal abstract record PendingDotProduct(OnnxNode Source, int Tensor, Shape OutputShape, Quantization Input, ImmutableArray<float> WeightScales)
    : PendingOperator(Source, [Tensor], OutputShape)
{
    /// <summary>In units of input scale times weight scale.</summary>
    public required ImmutableArray<int> Bias { get; init; }

    /// <summary>Whether the node has a bias; one that has none may be followed by an addition of one.</summary>
    public required bool HasBias { get; init; }

    public int OutputChannels => Bias.Length;

    /// <summary>Whether it is a FULLY_CONNECTED, which has a rule of its own for a single scale.</summary>
    protected abstract bool IsMatrix { get; }

    public override Operator? Build(Quantization output, OutputRange range, LayerMetadata? said)
    {
        var bits = said?.MultiplierBits ?? MultiplierBits.Long;
        var factors = said?.Factors ?? ScaleFactors.OfDotProduct(IsMatrix, Input.Scale, WeightScales, output.Scale, OutputChannels, bits);
        if (factors is not { } requantizations)
        {
            var largest = Input.Scale * (double)WeightScales.Max() / output.Scale;
            Node.Diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, Node.Place, largest, "a channel");
            return null;
        }

        return Build(requantizations, range, said);
    }

    protected abstract DotProductOperator Build(ImmutableArray<Requantization> requantizations, OutputRange range, LayerMetadata? said);

    /// <summary>What the metadata says of the accumulator; models by others mean what TensorFlow Lite's reference kernels compute.</summary>
    protected static (Accumulator Accumulator, Rounding Rounding) Arithmetic(LayerMetadata? said) =>
        (said?.Accumulator ?? Accumulator.Wide, said?.Rounding ?? Rounding.Double);
}
