namespace Pqs.Codegen.Plan;

/// <summary>What matters where several kernels compute a node.</summary>
public enum PlanObjective
{
    /// <summary>Few instructions: the first kernel of <see cref="KernelCatalog"/>, which keeps pruned weights pruned.</summary>
    Speed,

    /// <summary>The fewest bytes of tables; of equals the first kernel.</summary>
    Size,

    /// <summary>The smallest arena; what is free in it is used for speed.</summary>
    Ram,
}
