namespace Pqs.Reference.Model;

/// <summary>
/// How many bits of an operator's multipliers are in use: a property that follows from the multipliers (docs/numerics.md, "Multipliers of 15 bits").
/// </summary>
public static class MultiplierBits
{
    /// <summary>The low 16 bits of all multipliers are zero.</summary>
    public const int Short = 15;

    /// <summary>Any multipliers.</summary>
    public const int Long = 31;

    /// <summary>The bits that multipliers have at most.</summary>
    public static int Of(IEnumerable<Requantization> factors) => factors.All(factor => (factor.Multiplier & 0xFFFF) == 0) ? Short : Long;
}
