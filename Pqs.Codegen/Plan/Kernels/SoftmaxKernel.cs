using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Softmax over the last dimension.</summary>
internal sealed class SoftmaxKernel : IKernel
{
    public IEnumerable<KernelCall> Lower(LayerContext layer)
    {
        if (layer.Node.Operator is not Softmax softmax)
        {
            yield break;
        }

        var shape = layer.Input.Shape;
        var depth = shape[shape.Rank - 1];
        yield return new KernelCall(
            "pqs_softmax",
            "pqs_softmax_params",
            [
                KernelField.Number("rows", shape.ElementCount / depth),
                KernelField.Number("depth", depth),
                KernelField.Number("input_multiplier", softmax.InputMultiplier),
                KernelField.Number("input_left_shift", softmax.InputLeftShift),
                KernelField.Number("diff_min", softmax.MinimumDifference),
            ],
            [],
            MayRunInPlace: true)
        {
            Work = new KernelWork("softmax", [("call", 1), ("row", shape.ElementCount / depth), ("element", shape.ElementCount)]),
        };
    }
}
