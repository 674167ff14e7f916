using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Fully connected layers that keep two of each four inputs: half the multiplications of a dense kernel. Where four neighbouring channels, or two, keep the same
/// ones, they are picked once for these. There are three storages of such layers, each for the instructions of some cores. What kernels add to inputs, and the
/// input's zero point, is folded into the bias.
/// </summary>
internal sealed class PackedFullyConnectedKernel : IKernel
{
    /// <summary>All pairs of four inputs, in words.</summary>
    private const int GroupScratchBytes = PairOfPositions.Count * sizeof(int);

    /// <summary>Below, picking inputs takes more than it saves.</summary>
    private const int MinimumChannels = 8;

    /// <summary>What the kernel of <see cref="PairedWeights.Quads"/> adds to inputs.</summary>
    private const int InputOffset = 128;

    public IEnumerable<KernelCall> Lower(LayerContext layer)
    {
        if (layer.Node.Operator is not FullyConnected { OutputChannels: >= MinimumChannels } connected || ExactSum.Of(layer, connected) is not { } sum
            || PruningPattern.Detect(connected) == null)
        {
            yield break;
        }

        var scratchBytes = GroupScratchBytes * 2 * ((connected.InputSize + 7) / 8);
        if (PairedWeights.Words(connected) is { } words)
        {
            yield return Call(layer, connected, sum, words, inputOffset: 0, scratchBytes);
        }

        if (SharedPairs.Find(connected) is not { } pairs)
        {
            yield break;
        }

        if (PairedWeights.Halves(pairs) is { } halves)
        {
            yield return Call(layer, connected, sum, halves, inputOffset: 0, scratchBytes);
        }

        if (PairedWeights.Quads(pairs) is { } quads)
        {
            yield return Call(layer, connected, sum, quads, InputOffset, scratchBytes);
        }

        yield return Call(layer, connected, sum, PairedWeights.Rows(pairs), inputOffset: 0, scratchBytes: 0);
    }

    private static KernelCall Call(LayerContext layer, FullyConnected connected, ExactSum sum, PairedWeights paired, int inputOffset, int scratchBytes)
    {
        var tables = DotProductTables.CreateFolded(connected, sum, layer.Input.Quantization.ZeroPoint + inputOffset) with { Weights = paired.Weights };
        var addresses = tables.Addresses().ToArray();
        return new KernelCall(
            $"pqs_{paired.Kernel}_{(connected.Rounding == Rounding.Double ? "double" : "single")}",
            "pqs_packed_fully_connected_params",
            [
                addresses[0],
                paired.Patterns != null ? KernelField.TableAddress(paired.Patterns) : KernelField.NoTable("patterns"),
                .. addresses[1..],
                .. tables.Saturation(),
                .. FullyConnectedFields.Create(layer, connected),
            ],
            [.. tables.Tables(), .. paired.Patterns != null ? [paired.Patterns] : Array.Empty<ConstantTable>()],
            scratchBytes)
        {
            Work = DotProductWork.Create(
                paired.Kernel,
                layer,
                connected,
                sum.Saturates,
                ("product", (double)layer.Output.Shape.ElementCount * connected.InputSize),
                ("input", layer.Input.Shape.ElementCount)),
        };
    }
}
