using Pqs.Reference.FloatModel.Operators;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.FloatModel;

/// <summary>The invariants of a single node; its tensors are known to be possible.</summary>
internal static class FloatOperatorVerifier
{
    public static void Verify(FloatNodeContext context)
    {
        if (!context.RequireInputs(context.Node.Operator is FloatAdd ? 2 : 1))
        {
            return;
        }

        switch (context.Node.Operator)
        {
            case FloatConv2D conv:
                if (VerifyConvolution(context, conv, conv.Window, conv.InputChannels))
                {
                    VerifyConstants(context, conv, (Int128)Taps(conv.Window) * conv.InputChannels);
                }

                break;
            case FloatDepthwiseConv2D depthwise:
                if (VerifyConvolution(context, depthwise, depthwise.Window, depthwise.InputChannels)
                    && context.Require(
                        (long)depthwise.InputChannels * depthwise.DepthMultiplier == depthwise.OutputChannels,
                        "the output channels are not the input channels times the depth multiplier"))
                {
                    VerifyConstants(context, depthwise, Taps(depthwise.Window));
                }

                break;
            case FloatFullyConnected fullyConnected:
                VerifyFullyConnected(context, fullyConnected);
                break;
            case FloatAdd add:
                VerifyAdd(context, add);
                break;
            case FloatPool2D pool:
                context.RequireRange(pool.Activation);
                if (context.RequireWindow(pool.Window, isPool: true))
                {
                    context.RequireShape(context.Windowed(pool.Window, context.Input[3]));
                }

                break;
            case FloatReshape:
                context.Require(
                    context.Input.ElementCount == context.Output.ElementCount,
                    $"{context.Input} does not have as many elements as {context.Output}");
                break;
            case FloatSoftmax:
                context.RequireShape(context.Input);
                break;
            case FloatPad pad:
                VerifyPad(context, pad);
                break;
            default:
                throw new InvalidOperationException($"The verifier does not know {context.Node.Operator.Name}.");
        }
    }

    /// <summary>In 64 bits, since the kernel's size comes from a file.</summary>
    private static long Taps(Window window) => (long)window.Vertical.Kernel * window.Horizontal.Kernel;

    private static bool VerifyConvolution(FloatNodeContext context, FloatDotProductOperator @operator, Window window, int inputChannels) =>
        context.RequireWindow(window, isPool: false)
        && context.RequireShape(context.Windowed(window, @operator.OutputChannels))
        && context.Require(context.Input[3] == inputChannels, "the input has other channels than the filter");

    private static void VerifyConstants(FloatNodeContext context, FloatDotProductOperator @operator, Int128 products)
    {
        context.RequireRange(@operator.Activation);
        _ = context.RequireConstant("the weights", @operator.Weights, @operator.OutputChannels * products)
            && context.RequireConstant("the bias", @operator.Bias, @operator.OutputChannels);
    }

    private static void VerifyFullyConnected(FloatNodeContext context, FloatFullyConnected fullyConnected)
    {
        var elements = context.Input.ElementCount;
        if (context.Require(
                fullyConnected.InputSize > 0 && elements % fullyConnected.InputSize == 0,
                $"{elements} input elements are not whole rows of {fullyConnected.InputSize}")
            && context.Require(
                (long)elements / fullyConnected.InputSize * fullyConnected.OutputChannels == context.Output.ElementCount,
                $"{context.Output} is not one row of {fullyConnected.OutputChannels} for each input row"))
        {
            VerifyConstants(context, fullyConnected, fullyConnected.InputSize);
        }
    }

    private static void VerifyAdd(FloatNodeContext context, FloatAdd add)
    {
        var second = context.Graph.Tensors[context.Node.Inputs[1]].Shape;
        context.RequireRange(add.Activation);
        context.Require(
            context.Input == second && context.Input == context.Output,
            $"{context.Input} plus {second} gives {context.Output}; the shapes must be equal");
    }

    private static void VerifyPad(FloatNodeContext context, FloatPad pad)
    {
        var (input, output) = (context.Input, context.Output);
        if (!context.Require(
                input.Rank <= Pad.MaximumRank && pad.Before.Length == input.Rank && pad.After.Length == input.Rank && output.Rank == input.Rank,
                $"padding {pad.Before.Length} dimensions of {input}"))
        {
            return;
        }

        for (var axis = 0; axis < input.Rank; axis++)
        {
            context.Require(
                pad.Before[axis] >= 0 && pad.After[axis] >= 0 && (long)input[axis] + pad.Before[axis] + pad.After[axis] == output[axis],
                $"{input} padded in dimension {axis} by {pad.Before[axis]} and {pad.After[axis]} is not {output}");
        }
    }
}
