namespace Pqs.Codegen.Plan;

/// <summary>What a kernel that computes a node would take.</summary>
/// <param name="Kernel">The kernel's name in cost tables.</param>
/// <param name="Function">Its C function.</param>
/// <param name="Instructions">Predicted executed instructions; null where the target has no costs of the kernel.</param>
/// <param name="TableBytes">Flash of its tables.</param>
/// <param name="ScratchBytes">Working memory.</param>
public sealed record KernelCandidate(string Kernel, string Function, double? Instructions, long TableBytes, int ScratchBytes);
