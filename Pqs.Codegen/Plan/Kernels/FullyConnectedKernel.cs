using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Matrix times vector, row by row of the input. The kernel takes inputs plus 128; that and the zero point are folded into the bias.</summary>
internal sealed class FullyConnectedKernel : IKernel
{
    private const int InputOffset = 128;

    public IEnumerable<KernelCall> Lower(LayerContext layer)
    {
        if (layer.Node.Operator is not FullyConnected fullyConnected || ExactSum.Of(layer, fullyConnected) is not { } sum)
        {
            yield break;
        }

        var tables = DotProductTables.CreateFolded(fullyConnected, sum, layer.Input.Quantization.ZeroPoint + InputOffset) with
        {
            Weights = ConstantTable.Int32("weights", BlockedWeights.Words(fullyConnected)),
        };
        yield return new KernelCall(
            $"pqs_fully_connected_{tables.Suffix}",
            "pqs_fully_connected_params",
            [
                .. tables.Addresses(),
                .. FullyConnectedFields.Create(layer, fullyConnected),
                .. tables.Saturation(),
            ],
            [.. tables.Tables()])
        {
            Work = DotProductWork.Create(
                "fully_connected",
                layer,
                fullyConnected,
                sum.Saturates,
                ("product", (double)layer.Output.Shape.ElementCount * fullyConnected.InputSize),
                ("input", layer.Input.Shape.ElementCount)),
        };
    }
}
