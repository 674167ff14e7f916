using System.Collections.Immutable;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Weights as the narrow kernels store them (pqs_kernels.h, "Storage of the weights"): dense, pruned, coded, or partitioned by sign.</summary>
/// <param name="PositionBits">Of coded ones, else 0.</param>
/// <param name="GroupCodes">Likewise.</param>
internal sealed record NarrowWeights(ConstantTable Weights, ConstantTable? Positions, ConstantTable? Counts, int PositionBits = 0, int GroupCodes = 0)
{
    /// <summary>Longest dot product whose indices fit a byte.</summary>
    private const int ByteIndices = 256;

    /// <summary>The end of a kernel's name in cost tables.</summary>
    public string Form => PositionBits > 0 ? "_coded" : Positions != null && Counts == null ? "_masked" : "";

    public long Bytes => Tables().Sum(table => table.Bytes);

    /// <summary>The smallest of dense, coded and pruned, of equals the first.</summary>
    public static NarrowWeights Store(DotProductOperator dot) =>
        ((NarrowWeights?[])[Dense(dot), Code(dot), Prune(dot)]).OfType<NarrowWeights>().MinBy(weights => weights.Bytes)!;

    public static NarrowWeights Dense(DotProductOperator dot) =>
        new(ConstantTable.Int8("weights", Channels(dot).SelectMany(channel => channel)), null, null);

    /// <summary>The weights that are not zero, and a mask that tells where.</summary>
    public static NarrowWeights Prune(DotProductOperator dot)
    {
        int[] kept = [.. Channels(dot).SelectMany(channel => channel).Where(weight => weight != 0)];
        return new NarrowWeights(
            ConstantTable.Int8("weights", NotEmpty(kept)), ConstantTable.UInt8("positions", Channels(dot).SelectMany(Mask)), null);
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
        KernelField.Number("position_bits", PositionBits),
        KernelField.Number("group_codes", GroupCodes),
    ];

    public IEnumerable<ConstantTable> Tables() => ((ConstantTable?[])[Weights, Positions, Counts]).OfType<ConstantTable>();

    private static NarrowWeights? Code(DotProductOperator dot) => CodedWeights.TryEncode(dot) is { } coded
        ? new NarrowWeights(ConstantTable.Int8("weights", coded.All()), null, null, coded.PositionBits, coded.GroupCodes)
        : null;

    /// <summary>By channel: its weights in natural order, zeros included.</summary>
    private static IEnumerable<int[]> Channels(DotProductOperator dot) => Enumerable.Range(0, dot.OutputChannels).Select(channel =>
        Enumerable.Range(0, dot.ProductCount).Select(product => (int)dot.Weight(channel, product)).ToArray());

    private static IEnumerable<int> Mask(int[] channel) => channel.Chunk(8).Select(part =>
        part.Index().Sum(entry => entry.Item != 0 ? 1 << entry.Index : 0));

    private static IReadOnlyCollection<int> NotEmpty(IReadOnlyCollection<int> values) => values.Count > 0 ? values : ImmutableArray.Create(0);
}
