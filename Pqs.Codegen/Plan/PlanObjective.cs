namespace Pqs.Codegen.Plan;

/// <summary>What matters where several kernels compute a node.</summary>
public enum PlanObjective
{
    /// <summary>Few instructions, but not at any price in flash: code that saves little is left out, and pruned layers are stored without their zeros.</summary>
    Balanced,

    /// <summary>The fewest instructions.</summary>
    Speed,

    /// <summary>The fewest bytes of tables and code; of equals the fewest instructions.</summary>
    Size,

    /// <summary>The smallest arena, and what is free in it used for speed; else balanced.</summary>
    Ram,
}
