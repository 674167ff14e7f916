namespace Pqs.Codegen.Plan;

/// <summary>What matters where several kernels compute a node.</summary>
public enum PlanObjective
{
    /// <summary>Few instructions for the flash of their code, pruned layers without their zeros in flash.</summary>
    Balanced,

    /// <summary>The fewest instructions.</summary>
    Speed,

    /// <summary>The fewest bytes of tables and code; of equals the fewest instructions.</summary>
    Size,

    /// <summary>The smallest arena, and what is free in it used for speed; else balanced.</summary>
    Ram,
}
