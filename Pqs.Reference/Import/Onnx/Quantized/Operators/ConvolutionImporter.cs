using Pqs.Reference.Import.Onnx.Float;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Import.Onnx.Quantized.Operators;

/// <summary>Conv over two dimensions: dense, or each input channel by itself.</summary>
internal static class ConvolutionImporter
{
    public static QuantizedValue? Import(QdqNode node)
    {
        var source = node.Source;
        if (node.ReadReal(0) is not { } input
            || WeightReader.Read(node, rank: 4, channelAxis: 0) is not { } weights
            || source.ReadInteger("group", 1) is not { } groups
            || node.ReadImage(0, input) is not { } tensor)
        {
            return null;
        }

        var (sizes, filter) = (input.Layout.Sizes, weights.Dimensions);
        var (inputs, channels) = (sizes[1], filter[0]);
        if (groups < 1 || groups * filter[1] != inputs || channels % groups != 0)
        {
            source.RefuseShapes($"weights of [{string.Join('x', filter)}] in {groups} groups over [{string.Join('x', sizes)}]");
            return null;
        }

        if (groups != 1 && groups != inputs)
        {
            source.RefuseAttribute("group", groups, $"only 1 and the number of input channels, {inputs}, can be imported");
            return null;
        }

        if (BiasReader.Read(node, 2, channels, input.Quantization.Scale, weights.Scales) is not { } bias
            || WindowReader.Read(source, sizes, [filter[2], filter[3]]) is not { } window
            || node.Possible(sizes[0], window.Vertical.OutputSize(sizes[2]), window.Horizontal.OutputSize(sizes[3]), channels) is not { } shape)
        {
            return null;
        }

        if (!Fits(window.Vertical) || !Fits(window.Horizontal))
        {
            (tensor, window) = Padded(node, tensor, input.Quantization, window);
        }

        var pending = new PendingConvolution(source, tensor, shape, input.Quantization, weights.Scales, weights.Values, window, inputs, (int)groups)
        {
            Bias = bias,
            HasBias = source.HasInput(2),
        };
        return new PendingResult(pending, Layout.Image([shape[0], shape[3], shape[1], shape[2]]), source.Outputs[0]);
    }

    /// <summary>Whether every position of the window has a tap inside the input, as the graph demands.</summary>
    private static bool Fits(WindowAxis axis) => axis.PadBefore < axis.Extent && axis.PadAfter < axis.Extent;

    /// <summary>The padding as a node of its own.</summary>
    private static (int Tensor, Window Window) Padded(QdqNode node, int tensor, Quantization quantization, Window window)
    {
        var (shape, vertical, horizontal) = (node.Draft[tensor].Shape, window.Vertical, window.Horizontal);
        var pad = new Pad([0, vertical.PadBefore, horizontal.PadBefore, 0], [0, vertical.PadAfter, horizontal.PadAfter, 0]);
        var padded = new Shape([.. shape.Dimensions.Select((size, axis) => size + pad.Before[axis] + pad.After[axis])]);
        return (
            node.Draft.AddNode(node.Source.Origin, pad, [tensor], node.Draft[tensor].Name, padded, quantization),
            new Window(vertical with { PadBefore = 0, PadAfter = 0 }, horizontal with { PadBefore = 0, PadAfter = 0 }));
    }
}
