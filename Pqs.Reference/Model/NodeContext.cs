using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model.Operators;

namespace Pqs.Reference.Model;

/// <summary>A node under verification, with the checks that several operators share. Each returns whether it holds.</summary>
internal sealed record NodeContext(Graph Graph, Node Node, string Place, DiagnosticBag Diagnostics)
{
    public Tensor Input => Graph.Tensors[Node.Inputs[0]];

    public Tensor Output => Graph.Tensors[Node.Output];

    public bool Require(bool condition, string what)
    {
        if (!condition)
        {
            Diagnostics.Report(DiagnosticDescriptors.OperatorShapes, Place, what);
        }

        return condition;
    }

    public bool RequireShape(Shape expected) =>
        Require(Output.Shape == expected, $"the output is {Output.Shape}, but {expected} follows from the input {Input.Shape}");

    public void RequireOneQuantization()
    {
        if (Input.Quantization.ZeroPoint != Output.Quantization.ZeroPoint)
        {
            Diagnostics.Report(
                DiagnosticDescriptors.QuantizationDiffers, Place, Input.Quantization.ZeroPoint, Output.Quantization.ZeroPoint);
        }
    }

    public void RequireRange(OutputRange range)
    {
        if (range.Minimum > range.Maximum)
        {
            Diagnostics.Report(DiagnosticDescriptors.OutputRangeEmpty, Place, range.Minimum, range.Maximum);
        }
    }

    public bool RequireFactor(int channel, Requantization factor, int maximumShift)
    {
        var isValid = (factor == default && maximumShift >= 0)
            || (factor.Multiplier >= 1 << 30 && factor.Shift >= -31 && factor.Shift <= maximumShift);
        if (!isValid)
        {
            Diagnostics.Report(DiagnosticDescriptors.MultiplierInvalid, Place, channel, factor.Multiplier, factor.Shift);
        }

        return isValid;
    }

    public bool RequireLength(string what, int length, long needed)
    {
        if (length != needed)
        {
            Diagnostics.Report(DiagnosticDescriptors.ConstantLength, Place, what, length, needed);
        }

        return length == needed;
    }

    /// <summary>An N×H×W×C input and a window that can be slid over it; every position has at least one tap inside the input.</summary>
    public bool VerifyWindow(Window window) =>
        Require(Input.Shape.Rank == 4 && Output.Shape.Rank == 4, $"{Input.Shape} to {Output.Shape} is not NxHxWxC")
            && WindowVerifier.Verify(window, Input.Shape, Node.Operator is Pool2D, Place, Diagnostics);

    public Shape Windowed(Window window, int channels) => new(
        Input.Shape[0],
        (int)window.Vertical.OutputSize(Input.Shape[1]),
        (int)window.Horizontal.OutputSize(Input.Shape[2]),
        channels);
}
