using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Weights as the narrow kernels store them (pqs_kernels.h, "Storage of the weights"): dense, pruned, or partitioned by sign.</summary>
internal sealed record NarrowWeights(ConstantTable Weights, ConstantTable? Positions, ConstantTable? Counts)
{
    /// <summary>Longest dot product whose indices fit a byte.</summary>
    private const int ByteIndices = 256;

    /// <summary>Pruned where that takes less flash, else dense.</summary>
    public static NarrowWeights Store(DotProductOperator dot)
    {
        var dense = Channels(dot).SelectMany(channel => channel).ToArray();
        var kept = dense.Where(weight => weight != 0).ToArray();
        var masks = Channels(dot).SelectMany(Mask).ToArray();
        return kept.Length + masks.Length < dense.Length
            ? new NarrowWeights(ConstantTable.Int8("weights", NotEmpty(kept)), ConstantTable.UInt8("positions", masks), null)
            : new NarrowWeights(ConstantTable.Int8("weights", dense), null, null);
    }

    /// <summary>The positive weights of each channel, then its negative ones, with their indices.</summary>
    public static NarrowWeights Partition(DotProductOperator dot)
    {
        var (weights, positions, counts) = (new List<int>(), new List<int>(), new List<int>());
        foreach (var channel in Channels(dot))
        {
            foreach (var sign in (ReadOnlySpan<int>)[1, -1])
            {
                var ofSign = channel.Index().Where(entry => Math.Sign(entry.Item) == sign).ToArray();
                weights.AddRange(ofSign.Select(entry => entry.Item));
                positions.AddRange(ofSign.SelectMany(entry => dot.ProductCount <= ByteIndices ? [entry.Index] : new[] { entry.Index & 255, entry.Index >> 8 }));
                counts.Add(ofSign.Length);
            }
        }

        return new NarrowWeights(
            ConstantTable.Int8("weights", NotEmpty(weights)),
            ConstantTable.UInt8("positions", NotEmpty(positions)),
            ConstantTable.UInt16("counts", counts));
    }

    public IEnumerable<KernelField> Fields() =>
    [
        KernelField.TableAddress(Weights),
        Positions != null ? KernelField.TableAddress(Positions) : KernelField.NoTable("positions"),
        Counts != null ? KernelField.TableAddress(Counts) : KernelField.NoTable("counts"),
    ];

    public IEnumerable<ConstantTable> Tables() => ((ConstantTable?[])[Weights, Positions, Counts]).OfType<ConstantTable>();

    /// <summary>By channel: its weights in natural order, zeros included.</summary>
    private static IEnumerable<int[]> Channels(DotProductOperator dot) => Enumerable.Range(0, dot.OutputChannels).Select(channel =>
        Enumerable.Range(0, dot.ProductCount).Select(product => (int)dot.Weights[dot.WeightIndex(channel, product)]).ToArray());

    private static IEnumerable<int> Mask(int[] channel) => channel.Chunk(8).Select(part =>
        part.Index().Sum(entry => entry.Item != 0 ? 1 << entry.Index : 0));

    private static IReadOnlyCollection<int> NotEmpty(IReadOnlyCollection<int> values) => values.Count > 0 ? values : ImmutableArray.Create(0);
}
