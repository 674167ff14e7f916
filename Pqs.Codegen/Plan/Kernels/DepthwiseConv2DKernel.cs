using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Any depthwise convolution: strips of rows are taken apart into planes of channels in scratch. Padding is gathered as the zero point. Pruned weights are
/// stored as bits where that is smaller; a channel's are unpacked once for each strip.
/// </summary>
internal sealed class DepthwiseConv2DKernel : IKernel
{
    /// <summary>Bytes of scratch for each element of a row of planes, and for each weight of a channel: pqs_kernels.h, "Scratch of depthwise convolutions".</summary>
    private const int PlaneBytes = 8;

    /// <summary>Channels of a vector.</summary>
    private const int VectorChannels = 8;

    /// <summary>More rows in a strip save time, since neighbouring strips share rows; they may take this part of the layer's input and output, if not more.</summary>
    private const int ScratchPart = 8;

    /// <summary>With all tensors beside it (GraphVerifier.MaximumActivations), the arena's size and the kernel's indices still fit 32 bits.</summary>
    private const long MaximumScratchBytes = 1L << 30;

    public IEnumerable<KernelCall> Lower(LayerContext layer)
    {
        if (layer.Node.Operator is not DepthwiseConv2D depthwise || ExactSum.Of(layer, depthwise) is not { } sum)
        {
            yield break;
        }

        var tables = DotProductTables.CreateFolded(depthwise, sum, layer.Input.Quantization.ZeroPoint);
        var rows = StripRows(layer, depthwise.Window);
        var scratchBytes = ScratchBytes(layer, depthwise.Window, rows);
        if (scratchBytes > MaximumScratchBytes)
        {
            yield break;
        }

        var name = depthwise.Window is { Vertical.Kernel: 3, Horizontal.Kernel: 3 } ? "_3x3" : "";
        if (PackedTaps.TryEncode(depthwise) is { } packed)
        {
            var smaller = tables with { Weights = ConstantTable.Int8("weights", packed.Bytes) };
            yield return new KernelCall(
                $"pqs_depthwise_conv2d_packed_{tables.Suffix}",
                "pqs_packed_depthwise_conv2d_params",
                [.. Fields(layer, depthwise, smaller, rows).Select(field => field with { Name = $"layer.{field.Name}" }), .. packed.Fields()],
                [.. smaller.Tables()],
                (int)scratchBytes)
            {
                Work = Work($"depthwise_conv2d_packed{name}", layer, depthwise, sum, rows),
            };
        }

        yield return new KernelCall(
            $"pqs_depthwise_conv2d_{tables.Suffix}", "pqs_depthwise_conv2d_params", [.. Fields(layer, depthwise, tables, rows)], [.. tables.Tables()], (int)scratchBytes)
        {
            Work = Work($"depthwise_conv2d{name}", layer, depthwise, sum, rows),
        };
    }

    private static KernelWork Work(string name, LayerContext layer, DepthwiseConv2D depthwise, ExactSum sum, int rows)
    {
        double planes = (double)layer.Input.Shape[0] * layer.Input.Shape[3] * ((layer.Output.Shape[1] + rows - 1) / rows);
        return DotProductWork.Create(
            name,
            layer,
            depthwise,
            sum.Saturates,
            ("product", (double)DotProductWork.Pixels(layer, depthwise) * depthwise.Weights.Count(weight => weight != 0)),
            ("vector", (double)DotProductWork.Pixels(layer, depthwise) * Math.Ceiling(depthwise.OutputChannels / (double)VectorChannels) * depthwise.ProductCount),
            ("weight", planes * depthwise.DepthMultiplier * depthwise.ProductCount),
            ("row", planes * depthwise.DepthMultiplier * rows),
            ("plane", planes),
            ("gathered", planes * Extent(depthwise.Window.Vertical, rows) * Extent(depthwise.Window.Horizontal, layer.Output.Shape[2])));
    }

    private static IEnumerable<KernelField> Fields(LayerContext layer, DepthwiseConv2D depthwise, DotProductTables tables, int rows) =>
    [
        .. tables.Addresses(),
        KernelField.Number("batches", layer.Input.Shape[0]),
        KernelField.Number("input_height", layer.Input.Shape[1]),
        KernelField.Number("input_width", layer.Input.Shape[2]),
        KernelField.Number("input_channels", layer.Input.Shape[3]),
        KernelField.Number("depth_multiplier", depthwise.DepthMultiplier),
        KernelField.Number("output_height", layer.Output.Shape[1]),
        KernelField.Number("output_width", layer.Output.Shape[2]),
        .. ConvolutionFields.Kernel(depthwise.Window),
        .. ConvolutionFields.Stride(depthwise.Window),
        .. ConvolutionFields.Dilation(depthwise.Window),
        .. ConvolutionFields.Padding(depthwise.Window),
        KernelField.Number("strip_rows", rows),
        KernelField.Number("input_zero_point", layer.Input.Quantization.ZeroPoint),
        KernelField.Number("output_zero_point", layer.Output.Quantization.ZeroPoint),
        .. ConvolutionFields.Clamp(depthwise.OutputRange),
        .. tables.Saturation(),
    ];

    /// <summary>As many as the scratch's part has room for, at least one.</summary>
    private static int StripRows(LayerContext layer, Window window)
    {
        var part = (layer.Input.Shape.ElementCount + layer.Output.Shape.ElementCount) / ScratchPart;
        var room = Math.Min(layer.ScratchLimit, Math.Max(layer.FreeScratch, part));
        var rows = layer.Output.Shape[1];
        while (rows > 1 && ScratchBytes(layer, window, rows) > room)
        {
            rows--;
        }

        // Strips of about one size: the last would have few rows.
        var strips = (layer.Output.Shape[1] + rows - 1) / rows;
        return (layer.Output.Shape[1] + strips - 1) / strips;
    }

    private static long ScratchBytes(LayerContext layer, Window window, int rows)
    {
        var columns = Extent(window.Horizontal, layer.Output.Shape[2]);
        return PlaneBytes * (((long)window.Vertical.Kernel * window.Horizontal.Kernel) + (Extent(window.Vertical, rows) * (columns + (columns % 2))));
    }

    /// <summary>Elements of the input, padding included, that so many positions of a window reach over.</summary>
    private static long Extent(WindowAxis axis, int positions) =>
        ((long)(positions - 1) * axis.Stride) + ((long)(axis.Kernel - 1) * axis.Dilation) + 1;
}
