using System.Runtime.Intrinsics;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Statistics;

/// <summary>The constants of one layer of dot products, as the emitted program reads them.</summary>
public sealed class LayerTables
{
    /// <summary>Output channels that are computed side by side: a block.</summary>
    public const int Lanes = 16;

    private readonly int _depth;
    private readonly Vector256<short>[] _weights;

    /// <param name="operator">The layer.</param>
    /// <param name="isPartitioned">Whether the positive weights of each channel stand before its negative ones.</param>
    internal LayerTables(DotProductOperator @operator, bool isPartitioned)
    {
        _depth = @operator.ProductCount;
        _weights = Blocks(@operator);
        Bias = [.. @operator.Bias];
        Multipliers = [.. @operator.Requantizations.Select(factor => factor.Multiplier)];
        Shifts = [.. @operator.Requantizations.Select(factor => factor.Shift)];
        (TermWeights, TermPositions, Starts) = Terms(@operator, isPartitioned);
    }

    /// <summary>One for each output channel.</summary>
    public int[] Bias { get; }

    /// <summary>One for each output channel.</summary>
    public int[] Multipliers { get; }

    /// <summary>One for each output channel.</summary>
    public int[] Shifts { get; }

    /// <summary>The weights other than 0, channel by channel, in natural order or, where they are partitioned, the positive ones first.</summary>
    public sbyte[] TermWeights { get; }

    /// <summary>By term: the index of its input in the column.</summary>
    public int[] TermPositions { get; }

    /// <summary>The first term of each channel, or of each sign of each channel where they are partitioned, and the number of all terms.</summary>
    public int[] Starts { get; }

    /// <summary>The number of blocks of so many channels; the last one may have lanes without a channel, whose weights are 0.</summary>
    public static int BlockCount(int channels) => (channels + Lanes - 1) / Lanes;

    /// <summary>Elements of all blocks of a layer.</summary>
    public static long PackedElements(DotProductOperator @operator) =>
        (long)BlockCount(@operator.OutputChannels) * Lanes * @operator.ProductCount;

    /// <summary>Size of the column of one position: for a depthwise convolution each tap has an input for each lane.</summary>
    public static int ColumnSize(DotProductOperator @operator) =>
        @operator is DepthwiseConv2D ? checked((int)PackedElements(@operator)) : @operator.ProductCount;

    /// <summary>The weights of a block's channels, a vector for each product in natural order.</summary>
    public ReadOnlySpan<Vector256<short>> Block(int block) => _weights.AsSpan(block * _depth, _depth);

    private static Vector256<short>[] Blocks(DotProductOperator @operator)
    {
        var weights = new Vector256<short>[BlockCount(@operator.OutputChannels) * @operator.ProductCount];
        Span<short> lanes = stackalloc short[Lanes];
        for (var i = 0; i < weights.Length; i++)
        {
            var (block, k) = Math.DivRem(i, @operator.ProductCount);
            for (var lane = 0; lane < Lanes; lane++)
            {
                var channel = (block * Lanes) + lane;
                lanes[lane] = channel < @operator.OutputChannels ? @operator.Weight(channel, k) : (short)0;
            }

            weights[i] = Vector256.Create<short>(lanes);
        }

        return weights;
    }

    private static (sbyte[] Weights, int[] Positions, int[] Starts) Terms(DotProductOperator @operator, bool isPartitioned)
    {
        var (weights, positions, starts) = (new List<sbyte>(), new List<int>(), new List<int>());
        for (var channel = 0; channel < @operator.OutputChannels; channel++)
        {
            // A part is a sign where they are partitioned, else the whole channel.
            for (var part = 0; part < (isPartitioned ? 2 : 1); part++)
            {
                starts.Add(weights.Count);
                for (var k = 0; k < @operator.ProductCount; k++)
                {
                    var weight = @operator.Weight(channel, k);
                    if (weight != 0 && (!isPartitioned || weight < 0 == (part == 1)))
                    {
                        weights.Add(weight);
                        positions.Add(@operator is DepthwiseConv2D ? (k * BlockCount(@operator.OutputChannels) * Lanes) + channel : k);
                    }
                }
            }
        }

        starts.Add(weights.Count);
        return ([.. weights], [.. positions], [.. starts]);
    }
}
