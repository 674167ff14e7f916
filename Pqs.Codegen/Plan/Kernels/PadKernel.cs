using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Padding with the zero point; a tensor of fewer than four dimensions gets leading ones.</summary>
internal sealed class PadKernel : IKernel
{
    public IEnumerable<KernelCall> Lower(LayerContext layer)
    {
        if (layer.Node.Operator is not Pad pad)
        {
            yield break;
        }

        var input = layer.Input;
        var shape = Extend(input.Shape.Dimensions, 1);
        yield return new KernelCall(
            "pqs_pad",
            "pqs_pad_params",
            [
                KernelField.Array("input_shape", shape),
                KernelField.Array("before", Extend(pad.Before, 0)),
                KernelField.Array("after", Extend(pad.After, 0)),
                KernelField.Number("pad_value", input.Quantization.ZeroPoint),
            ],
            [])
        {
            Work = new KernelWork("pad", [("call", 1), ("row", (double)shape[0] * shape[1]), ("element", layer.Output.Shape.ElementCount)]),
        };
    }

    private static ImmutableArray<int> Extend(ImmutableArray<int> values, int leading) =>
        [.. Enumerable.Repeat(leading, Pad.MaximumRank - values.Length), .. values];
}
