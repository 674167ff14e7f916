using System.Numerics;
using Pqs.Compress.Pruning;
using Pqs.Compress.Requests;

namespace Pqs.Compress.Sensitivity;

/// <summary>What a layer may become.</summary>
/// <param name="Pattern">Of its weights.</param>
/// <param name="Bits">Of a weight.</param>
internal sealed record LayerChoice(SparsityPattern Pattern, int Bits)
{
    /// <summary>What a layer costs then.</summary>
    /// <param name="kind">What counts.</param>
    /// <param name="channels">Its output channels.</param>
    /// <param name="products">Weights of each.</param>
    /// <param name="positions">Output values of each in one inference.</param>
    public long Cost(BudgetKind kind, int channels, int products, long positions)
    {
        var kept = (long)channels * ((products / Pattern.M * Pattern.N) + Math.Min(products % Pattern.M, Pattern.N));
        if (kind == BudgetKind.Macs)
        {
            return kept * positions;
        }

        // Channels that share a pattern share the list of positions.
        var positionBits = Pattern.IsDense ? 0 : BitOperations.Log2((uint)Pattern.M - 1) + 1;
        return ((kept * Bits) + (kept / Pattern.Channels * positionBits) + 7) / 8;
    }
}
