using System.Collections.Immutable;
using Pqs.Reference.FloatModel;
using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;

namespace Pqs.Reference.Import.Onnx.Float.Passes;

/// <summary>Makes the padding of images part of the convolutions behind it, if these are all that read the padded image.</summary>
internal static class PadIntoConsumers
{
    public static FloatGraph Run(FloatGraph graph)
    {
        var pads = graph.Nodes.Where(node => node.Operator is FloatPad).ToDictionary(node => node.Output);
        foreach (var output in graph.Outputs)
        {
            pads.Remove(output);
        }

        foreach (var node in graph.Nodes)
        {
            foreach (var input in node.Inputs.Where(input => pads.TryGetValue(input, out var pad) && Padded(node.Operator, (FloatPad)pad.Operator) == null))
            {
                pads.Remove(input);
            }
        }

        var nodes = ImmutableArray.CreateBuilder<FloatNode>(graph.Nodes.Length);
        foreach (var node in graph.Nodes.Where(node => !pads.ContainsKey(node.Output)))
        {
            nodes.Add(pads.TryGetValue(node.Inputs[0], out var pad)
                ? node with { Operator = Padded(node.Operator, (FloatPad)pad.Operator)!, Inputs = pad.Inputs }
                : node);
        }

        return graph with { Nodes = nodes.ToImmutable() };
    }

    /// <summary>A convolution with more padding; null where it cannot have it.</summary>
    private static FloatOperator? Padded(FloatOperator @operator, FloatPad pad)
    {
        if (pad.Before.Length != 4 || pad.Before[0] + pad.After[0] + pad.Before[3] + pad.After[3] > 0)
        {
            return null;
        }

        return @operator switch
        {
            FloatConv2D conv when Padded(conv.Window, pad) is { } window => conv with { Window = window },
            FloatDepthwiseConv2D depthwise when Padded(depthwise.Window, pad) is { } window => depthwise with { Window = window },
            _ => null,
        };
    }

    private static Window? Padded(Window window, FloatPad pad) =>
        Padded(window.Vertical, pad.Before[1], pad.After[1]) is { } vertical && Padded(window.Horizontal, pad.Before[2], pad.After[2]) is { } horizontal
            ? new Window(vertical, horizontal)
            : null;

    /// <summary>Null for padding as large as the window, which a graph does not allow.</summary>
    private static WindowAxis? Padded(WindowAxis axis, int before, int after)
    {
        var (totalBefore, totalAfter) = ((long)axis.PadBefore + before, (long)axis.PadAfter + after);
        return totalBefore < axis.Extent && totalAfter < axis.Extent ? axis with { PadBefore = (int)totalBefore, PadAfter = (int)totalAfter } : null;
    }
}
