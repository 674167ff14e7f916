using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Pruned fully connected layers, weight by weight: taken where that is less flash. It may take more instructions than a dense kernel, which multiplies two
/// or more weights at once; but the weights of such a layer are used once for each inference, and there are many of them.
/// </summary>
internal sealed class SparseFullyConnectedKernel : IKernel
{
    /// <summary>Vectors hold groups of no more.</summary>
    private const int MaximumPositionBits = 4;

    public IEnumerable<KernelCall> Lower(LayerContext layer)
    {
        if (layer.Node.Operator is not FullyConnected connected || ExactSum.Of(layer, connected) is not { } sum || PruningPattern.Detect(connected) == null)
        {
            yield break;
        }

        var stored = NarrowWeights.Store(connected);
        if (stored is { Positions: null, GroupCodes: 0 } || stored.PositionBits > MaximumPositionBits)
        {
            yield break;
        }

        var tables = DotProductTables.CreateFolded(connected, sum, layer.Input.Quantization.ZeroPoint) with { Weights = stored.Weights };
        var addresses = tables.Addresses().ToArray();
        yield return new KernelCall(
            connected.Rounding == Rounding.Double ? "pqs_fully_connected_sparse_double" : "pqs_fully_connected_sparse_single",
            "pqs_sparse_fully_connected_params",
            [
                addresses[0],
                stored.Positions != null ? KernelField.TableAddress(stored.Positions) : KernelField.NoTable("positions"),
                .. addresses[1..],
                .. tables.Saturation(),
                KernelField.Number("position_bits", stored.PositionBits),
                KernelField.Number("group_codes", stored.GroupCodes),
                .. FullyConnectedFields.Create(layer, connected),
            ],
            [.. tables.Tables(), .. stored.Positions != null ? [stored.Positions] : (ConstantTable[])[]])
        {
            Work = DotProductWork.Create(
                stored.Positions != null ? "fully_connected_sparse_masked" : "fully_connected_sparse",
                layer,
                connected,
                sum.Saturates,
                ("code", (double)DotProductWork.Pixels(layer, connected) * stored.Weights.Values.Length),
                ("product", (double)layer.Output.Shape.ElementCount * connected.InputSize)),
        };
    }
}
