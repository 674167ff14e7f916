using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>What the kernels of dot products repeat.</summary>
internal static class DotProductWork
{
    /// <param name="kernel">Name of the kernel in cost tables.</param>
    /// <param name="layer">The node.</param>
    /// <param name="dot">Its operator.</param>
    /// <param name="saturates">Whether each sum is saturated.</param>
    /// <param name="counts">What this kernel repeats beside its outputs.</param>
    public static KernelWork Create(string kernel, LayerContext layer, DotProductOperator dot, bool saturates, params (string Unit, double Count)[] counts)
    {
        double outputs = layer.Output.Shape.ElementCount;
        return new KernelWork(
            kernel,
            [
                ("call", 1),
                .. counts,
                (dot.Rounding == Rounding.Double ? "double" : "single", outputs),
                .. saturates ? [("saturated", outputs)] : Array.Empty<(string, double)>(),
            ]);
    }

    /// <summary>Positions of a convolution's window, or rows of a matrix of inputs.</summary>
    public static int Pixels(LayerContext layer, DotProductOperator dot) => layer.Output.Shape.ElementCount / dot.OutputChannels;

    public static double RoundUp(double count, int multiple) => Math.Ceiling(count / multiple) * multiple;
}
