using Pqs.Reference.Import.Onnx.Float;

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

        var pending = new PendingConvolution(source, tensor, shape, input.Quantization, weights.Scales, weights.Values, window, inputs, (int)groups)
        {
            Bias = bias,
            HasBias = source.HasInput(2),
        };
        return new PendingResult(pending, Layout.Image([shape[0], shape[3], shape[1], shape[2]]), source.Outputs[0]);
    }
}
