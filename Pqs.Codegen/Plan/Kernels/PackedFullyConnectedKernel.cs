using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Fully connected layers that keep the same two of each four inputs in four neighbouring channels: half the multiplications of a dense kernel, and the inputs
/// picked once for four channels. The input's zero point is folded into the bias.
/// </summary>
internal sealed class PackedFullyConnectedKernel : IKernel
{
    /// <summary>All pairs of four inputs, in words.</summary>
    private const int GroupScratchBytes = 6 * sizeof(int);

    /// <summary>Below, picking inputs takes more than it saves.</summary>
    private const int MinimumChannels = 8;

    public IEnumerable<KernelCall> Lower(LayerContext layer)
    {
        if (layer.Node.Operator is not FullyConnected { OutputChannels: >= MinimumChannels } connected || ExactSum.Of(layer, connected) is not { } sum
            || PairedWeights.TryEncode(connected) is not { } paired)
        {
            yield break;
        }

        var patterns = ConstantTable.UInt8("patterns", paired.Patterns);
        var tables = DotProductTables.CreateFolded(connected, sum, layer.Input.Quantization.ZeroPoint) with
        {
            Weights = ConstantTable.Int32("weights", paired.Weights),
        };
        var addresses = tables.Addresses().ToArray();
        yield return new KernelCall(
            connected.Rounding == Rounding.Double ? "pqs_fully_connected_packed_double" : "pqs_fully_connected_packed_single",
            "pqs_packed_fully_connected_params",
            [
                addresses[0],
                KernelField.TableAddress(patterns),
                .. addresses[1..],
                .. tables.Saturation(),
                .. FullyConnectedFields.Create(layer, connected),
            ],
            [.. tables.Tables(), patterns],
            GroupScratchBytes * 2 * ((connected.InputSize + 7) / 8))
        {
            Work = DotProductWork.Create(
                "fully_connected_packed",
                layer,
                connected,
                sum.Saturates,
                ("product", (double)layer.Output.Shape.ElementCount * connected.InputSize),
                ("input", layer.Input.Shape.ElementCount)),
        };
    }
}
