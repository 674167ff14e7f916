using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;

namespace Pqs.Reference.FloatModel;

/// <summary>A node under verification, with the checks that several operators share. Each returns whether it holds.</summary>
internal sealed record FloatNodeContext(FloatGraph Graph, FloatNode Node, string Place, DiagnosticBag Diagnostics)
{
    public Shape Input => Graph.Tensors[Node.Inputs[0]].Shape;

    public Shape Output => Graph.Tensors[Node.Output].Shape;

    public bool Require(bool condition, string what)
    {
        if (!condition)
        {
            Diagnostics.Report(DiagnosticDescriptors.OperatorShapes, Place, what);
        }

        return condition;
    }

    public bool RequireShape(Shape expected) =>
        Require(Output == expected, $"the output is {Output}, but {expected} follows from the input {Input}");

    public bool RequireInputs(int needed)
    {
        if (Node.Inputs.Length != needed)
        {
            Diagnostics.Report(DiagnosticDescriptors.InputCount, Place, Node.Inputs.Length, needed);
        }

        return Node.Inputs.Length == needed;
    }

    /// <summary>Bounds that are numbers, do not cross, and leave a finite value.</summary>
    public void RequireRange(FloatRange range)
    {
        if (!range.IsPossible)
        {
            Diagnostics.Report(DiagnosticDescriptors.OutputRangeEmpty, Place, range.Minimum, range.Maximum);
        }
    }

    /// <summary>A constant of the needed length, all of it finite.</summary>
    public bool RequireConstant(string what, ImmutableArray<float> values, Int128 needed)
    {
        if (values.Length != needed)
        {
            Diagnostics.Report(DiagnosticDescriptors.ConstantLength, Place, what, values.Length, needed);
            return false;
        }

        foreach (var (element, value) in values.Index())
        {
            if (!float.IsFinite(value))
            {
                Diagnostics.Report(DiagnosticDescriptors.ValueNotFinite, Place, what, value, element);
                return false;
            }
        }

        return true;
    }

    /// <summary>An N×H×W×C input and a window that can be slid over it; every position has at least one tap inside the input.</summary>
    public bool RequireWindow(Window window, bool isPool) =>
        Require(Input.Rank == 4 && Output.Rank == 4, $"{Input} to {Output} is not NxHxWxC")
        && WindowVerifier.Verify(window, Input, isPool, Place, Diagnostics);

    public Shape Windowed(Window window, int channels) => new(
        Input[0], (int)window.Vertical.OutputSize(Input[1]), (int)window.Horizontal.OutputSize(Input[2]), channels);
}
