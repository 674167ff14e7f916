namespace Pqs.Codegen.Plan;

/// <summary>What a user asks of a plan.</summary>
/// <param name="Objective">What matters where kernels differ.</param>
/// <param name="RamLimit">Bytes that the arena may have, at least 1; null for what <see cref="FreeScratch"/> takes on its own.</param>
public sealed record PlanOptions(PlanObjective Objective = PlanObjective.Balanced, long? RamLimit = null);
