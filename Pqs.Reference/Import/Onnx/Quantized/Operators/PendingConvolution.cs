using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>A convolution that waits for the quantization of its output.</summary>
/// <param name="Weights">Output channel, input channel, kernel row, kernel column.</param>
/// <param name="Window">Kernel, steps, padding.</param>
/// <param name="InputChannels">Channels of the input.</param>
/// <param name="Groups">1, or as many as the input has channels.</param>
internal sealed record PendingConvolution(
    OnnxNode Source,
    int Tensor,
    Shape OutputShape,
    Quantization Input,
    ImmutableArray<float> WeightScales,
    ImmutableArray<sbyte> Weights,
    Window Window,
    int InputChannels,
    int Groups) : PendingDotProduct(Source, Tensor, OutputShape, Input, WeightScales)
{
    private const string Depthwise = "DEPTHWISE_CONV_2D";

    protected override bool IsMatrix => false;

    protected override DotProductOperator Build(ImmutableArray<Requantization> requantizations, OutputRange range, LayerMetadata? said)
    {
        // Over a single channel both kinds of convolution are the same; only the metadata tells which was meant.
        var (accumulator, rounding) = Arithmetic(said);
        if (Groups == 1 && (InputChannels > 1 || said?.Operator != Depthwise))
        {
            return new Conv2D(Window, InputChannels)
            {
                Weights = Ordered((channel, input, tap) => (((channel * Taps) + tap) * InputChannels) + input, InputChannels),
                WeightScales = WeightScales,
                Bias = Bias,
                Requantizations = requantizations,
                Rounding = rounding,
                Accumulator = accumulator,
                OutputRange = range,
            };
        }

        return new DepthwiseConv2D(Window, InputChannels, OutputChannels / InputChannels)
        {
            Weights = Ordered((channel, _, tap) => (tap * OutputChannels) + channel, 1),
            WeightScales = WeightScales,
            Bias = Bias,
            Requantizations = requantizations,
            Rounding = rounding,
            Accumulator = accumulator,
            OutputRange = range,
        };
    }

    private int Taps => Window.Vertical.Kernel * Window.Horizontal.Kernel;

    /// <param name="place">Where the weight of an output channel, an input channel and a tap belongs.</param>
    /// <param name="inputs">Input channels of one output channel.</param>
    private ImmutableArray<sbyte> Ordered(Func<int, int, int, int> place, int inputs)
    {
        var weights = new sbyte[Weights.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            var (tap, rest) = (i % Taps, i / Taps);
            weights[place(rest / inputs, rest % inputs, tap)] = Weights[i];
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(weights);
    }
}
