namespace Pqs.Codegen.Analysis;

/// <summary>What is known, for every input, of a channel's sums in an accumulator of P bits. Later ones are weaker.</summary>
public enum Proof
{
    /// <summary>No sum of any of its products leaves P bits: any order gives the exact sum.</summary>
    AnyOrder,

    /// <summary>
    /// Each product is at most 2^(P-1)-1 in magnitude: in sorted order nothing overflows before one sign is left, so the result is the
    /// exact sum, saturated once. It clips only where no order would help.
    /// </summary>
    SortedOrder,

    /// <summary>A single product may exceed the accumulator, so the result depends on the order.</summary>
    None,
}
