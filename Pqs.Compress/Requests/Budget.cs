namespace Pqs.Compress.Requests;

/// <summary>What all layers together may cost.</summary>
public enum BudgetKind
{
    /// <summary>Bytes of weights that are not zero, and of their positions in pruned layers.</summary>
    WeightBytes,

    /// <summary>Multiply-accumulates of one inference with weights that are not zero.</summary>
    Macs,
}

/// <summary>A limit on the whole network.</summary>
/// <param name="Kind">Of what.</param>
/// <param name="Limit">The greatest allowed cost.</param>
public readonly record struct Budget(BudgetKind Kind, long Limit);
