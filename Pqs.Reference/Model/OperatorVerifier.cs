using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Model;

/// <summary>The invariants of a single node; its tensors are known to be possible.</summary>
internal static class OperatorVerifier
{
    /// <summary>Largest softmax row: the sum of that many exponentials, each at most 1, fits 12 integer bits.</summary>
    private const int MaximumSoftmaxDepth = 4095;

    /// <summary>A sum of that many int8 values, plus half their number, fits an int.</summary>
    private const int MaximumPoolTaps = 1 << 23;

    public static void Verify(Graph graph, Node node, string place, DiagnosticBag diagnostics)
    {
        var needed = node.Operator is Add ? 2 : 1;
        if (node.Inputs.Length != needed)
        {
            diagnostics.Report(DiagnosticDescriptors.InputCount, place, node.Inputs.Length, needed);
            return;
        }

        var context = new NodeContext(graph, node, place, diagnostics);
        switch (node.Operator)
        {
            case Conv2D conv:
                if (context.VerifyWindow(conv.Window)
                    && context.RequireShape(context.Windowed(conv.Window, conv.OutputChannels))
                    && context.Require(context.Input.Shape[3] == conv.InputChannels, "the input has other channels than the filter"))
                {
                    DotProductVerifier.Verify(context, conv);
                }

                break;
            case DepthwiseConv2D depthwise:
                if (context.VerifyWindow(depthwise.Window)
                    && context.RequireShape(context.Windowed(depthwise.Window, depthwise.OutputChannels))
                    && context.Require(context.Input.Shape[3] == depthwise.InputChannels, "the input has other channels than the filter")
                    && context.Require(
                        (long)depthwise.InputChannels * depthwise.DepthMultiplier == depthwise.OutputChannels,
                        "the output channels are not the input channels times the depth multiplier"))
                {
                    DotProductVerifier.Verify(context, depthwise);
                }

                break;
            case FullyConnected fullyConnected:
                VerifyFullyConnected(context, fullyConnected);
                break;
            case Add add:
                VerifyAdd(context, add);
                break;
            case Pool2D pool:
                if (context.VerifyWindow(pool.Window)
                    && context.Require(
                        (long)pool.Window.Vertical.Kernel * pool.Window.Horizontal.Kernel < MaximumPoolTaps, "a window has too many taps to sum in 32 bits"))
                {
                    context.RequireShape(context.Windowed(pool.Window, context.Input.Shape[3]));
                    context.RequireOneQuantization();
                    context.RequireRange(pool.OutputRange);
                }

                break;
            case Reshape:
                context.Require(
                    context.Input.Shape.ElementCount == context.Output.Shape.ElementCount,
                    $"{context.Input.Shape} does not have as many elements as {context.Output.Shape}");
                context.RequireOneQuantization();
                break;
            case Softmax softmax:
                VerifySoftmax(context, softmax);
                break;
            case Pad pad:
                VerifyPad(context, pad);
                break;
            default:
                throw new InvalidOperationException($"The verifier does not know {node.Operator.Name}.");
        }
    }

    private static void VerifyFullyConnected(NodeContext context, FullyConnected fullyConnected)
    {
        var elements = context.Input.Shape.ElementCount;
        if (context.Require(
                fullyConnected.InputSize > 0 && elements % fullyConnected.InputSize == 0,
                $"{elements} input elements are not whole rows of {fullyConnected.InputSize}")
            && context.Require(
                (long)elements / fullyConnected.InputSize * fullyConnected.OutputChannels == context.Output.Shape.ElementCount,
                $"{context.Output.Shape} is not one row of {fullyConnected.OutputChannels} for each input row"))
        {
            DotProductVerifier.Verify(context, fullyConnected);
        }
    }

    private static void VerifyAdd(NodeContext context, Add add)
    {
        var second = context.Graph.Tensors[context.Node.Inputs[1]];
        context.Require(
            context.Input.Shape == second.Shape && context.Input.Shape == context.Output.Shape,
            $"{context.Input.Shape} plus {second.Shape} gives {context.Output.Shape}; the shapes must be equal");
        context.RequireRange(add.OutputRange);
        context.RequireFactor(0, add.First, maximumShift: 0);
        context.RequireFactor(0, add.Second, maximumShift: 0);
        context.RequireFactor(0, add.Output, maximumShift: -1);
    }

    private static void VerifySoftmax(NodeContext context, Softmax softmax)
    {
        var depth = context.Input.Shape[context.Input.Shape.Rank - 1];
        context.RequireShape(context.Input.Shape);
        Require(depth <= MaximumSoftmaxDepth, $"{depth} values in a row; at most {MaximumSoftmaxDepth} can be summed");
        Require(context.Output.Quantization.ZeroPoint == sbyte.MinValue, "the output's zero point is not -128");
        Require(softmax.InputMultiplier >= 1 << 30 && softmax.InputLeftShift is >= 0 and <= 30, "the input's scale is out of range");

        // A difference that takes part, shifted left, must fit an int.
        Require(
            softmax.MinimumDifference <= 0
            && (Math.Min(-(long)softmax.MinimumDifference, 255) << Math.Min(softmax.InputLeftShift, 30)) <= int.MaxValue,
            "the smallest difference is out of range");

        void Require(bool condition, string what)
        {
            if (!condition)
            {
                context.Diagnostics.Report(DiagnosticDescriptors.SoftmaxInvalid, context.Place, what);
            }
        }
    }

    private static void VerifyPad(NodeContext context, Pad pad)
    {
        var input = context.Input.Shape;
        context.RequireOneQuantization();
        if (!context.Require(
                input.Rank <= Pad.MaximumRank && pad.Before.Length == input.Rank && pad.After.Length == input.Rank
                && context.Output.Shape.Rank == input.Rank,
                $"padding {pad.Before.Length} dimensions of {input}"))
        {
            return;
        }

        for (var axis = 0; axis < input.Rank; axis++)
        {
            context.Require(
                pad.Before[axis] >= 0 && pad.After[axis] >= 0
                && (long)input[axis] + pad.Before[axis] + pad.After[axis] == context.Output.Shape[axis],
                $"{input} padded in dimension {axis} by {pad.Before[axis]} and {pad.After[axis]} is not {context.Output.Shape}");
        }
    }
}
