namespace Pqs.Codegen.Plan;

/// <summary>What matters where several kernels compute a node.</summary>
public enum PlanObjective
{
    /// <summary>The fewest instructions that pruned layers can have without their zeros in flash.</summary>
    Balanced,

    /// <summary>The fewest instructions.</summary>
    Speed,

    /// <summary>The fewest bytes of tables; of equals the fewest instructions.</summary>
    Size,

    /// <summary>The smallest arena, and what is free in it used for speed; else balanced.</summary>
    Ram,
}
