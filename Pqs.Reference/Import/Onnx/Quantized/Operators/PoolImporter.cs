using Pqs.Reference.Import.Onnx.Float;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>AveragePool, GlobalAveragePool and MaxPool over two dimensions.</summary>
internal static class PoolImporter
{
    public static QuantizedValue? Average(QdqNode node) =>
        node.ReadReal(0) is { } input && node.Source.ReadInteger("count_include_pad", 0) is { } counted && Read(node, input) is var (tensor, window, shape)
            ? new PendingResult(new PendingAverage(node.Source, tensor, shape, input.Quantization, window, counted != 0), ImageOf(shape), node.Source.Outputs[0])
            : null;

    /// <summary>A mean over the whole image.</summary>
    public static QuantizedValue? GlobalAverage(QdqNode node)
    {
        if (node.ReadReal(0) is not { } input || node.ReadImage(0, input) is not { } tensor)
        {
            return null;
        }

        var sizes = input.Layout.Sizes;
        var window = new Window(WindowAxis.Valid(sizes[2], 1, 1), WindowAxis.Valid(sizes[3], 1, 1));
        var shape = new Shape(sizes[0], 1, 1, sizes[1]);
        return new PendingResult(new PendingAverage(node.Source, tensor, shape, input.Quantization, window, false), ImageOf(shape), node.Source.Outputs[0]);
    }

    /// <summary>Of real numbers or of integers, which keep their order.</summary>
    public static QuantizedValue? Max(QdqNode node)
    {
        if (node.ReadAny(0) is Activation { Form: ActivationForm.Integers } integers)
        {
            return Read(node, integers) is var (source, steps, output)
                ? integers with
                {
                    Tensor = node.Draft.AddNode(
                        node.Source.Origin, new MaxPool2D(steps, OutputRange.Full), [source], node.Source.Outputs[0], output, integers.Quantization),
                    Layout = ImageOf(output),
                    IsReshaped = false,
                }
                : null;
        }

        return node.ReadReal(0) is { } input && Read(node, input) is var (tensor, window, shape)
            ? new PendingResult(new PendingMaximum(node.Source, tensor, shape, input.Quantization, window), ImageOf(shape), node.Source.Outputs[0])
            : null;
    }

    private static Layout ImageOf(Shape shape) => Layout.Image([shape[0], shape[3], shape[1], shape[2]]);

    private static (int Tensor, Window Window, Shape Shape)? Read(QdqNode node, Activation input)
    {
        if (node.ReadImage(0, input) is not { } tensor
            || WindowReader.Read(node.Source, input.Layout.Sizes, null) is not { } window
            || node.Source.ReadInteger("storage_order", 0) is not { } order)
        {
            return null;
        }

        var sizes = input.Layout.Sizes;
        return node.Possible(sizes[0], window.Vertical.OutputSize(sizes[2]), window.Horizontal.OutputSize(sizes[3]), sizes[1]) is { } shape ? (tensor, window, shape) : null;
    }
}

/// <summary>The largest tap, which is one of the integers.</summary>
internal sealed record PendingMaximum(OnnxNode Source, int Tensor, Shape OutputShape, Quantization Input, Window Window) : PendingOperator(Source, [Tensor], OutputShape)
{
    public override Quantization? Kept => Input;

    public override Operator? Build(Quantization output, OutputRange range, LayerMetadata? said) => new MaxPool2D(Window, range);
}

/// <summary>A mean that waits for the quantization of its output.</summary>
/// <param name="IsPaddingCounted">Whether padding counts as zeros.</param>
internal sealed record PendingAverage(OnnxNode Source, int Tensor, Shape OutputShape, Quantization Input, Window Window, bool IsPaddingCounted)
    : PendingOperator(Source, [Tensor], OutputShape)
{
    private bool IsPadded => Window is not { Vertical: { PadBefore: 0, PadAfter: 0 }, Horizontal: { PadBefore: 0, PadAfter: 0 } };

    /// <summary>
    /// A mean of integers where input and output have one quantization; else, as long as every window has as many taps, a dot product whose weights are 1 and
    /// whose scale is one by the number of taps.
    /// </summary>
    public override Operator? Build(Quantization output, OutputRange range, LayerMetadata? said)
    {
        if (output == Input && !(IsPadded && IsPaddingCounted))
        {
            return new AveragePool2D(Window, range);
        }

        if (IsPadded && !IsPaddingCounted)
        {
            Node.RefuseAttribute("pads", "not zero", "the output's scale and zero point must be the input's, or padding must be counted (count_include_pad)");
            return null;
        }

        var taps = (long)Window.Vertical.Kernel * Window.Horizontal.Kernel;
        if (taps * Shape[3] <= GraphVerifier.MaximumElements)
        {
            return Rescaling.Channels(Node, Tensor, Input, Shape, Window, 1f / taps).Build(output, range, said);
        }

        Node.RefuseShapes($"a mean of {taps} elements");
        return null;
    }
}
