using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Matrix times vector, row by row of the input. The kernel takes inputs plus 128; that and the zero point are folded into the bias.</summary>
internal sealed class FullyConnectedKernel : IKernel
{
    private const int InputOffset = 128;

    public KernelCall? TryLower(LayerContext layer)
    {
        if (layer.Node.Operator is not FullyConnected fullyConnected || ExactSum.Of(layer, fullyConnected) is not { } sum)
        {
            return null;
        }

        var tables = DotProductTables.CreateFolded(fullyConnected, sum, layer.Input.Quantization.ZeroPoint + InputOffset) with
        {
            Weights = ConstantTable.Int32("weights", BlockedWeights.Words(fullyConnected)),
        };
        return new KernelCall(
            $"pqs_fully_connected_{tables.Suffix}",
            "pqs_fully_connected_params",
            [
                .. tables.Addresses(),
                .. FullyConnectedFields.Create(layer, fullyConnected),
                .. tables.Saturation(),
            ],
            [.. tables.Tables()]);
    }
}
