namespace Pqs.Codegen.Plan;

/// <summary>A call that computes a node, and what a target's costs predict of it.</summary>
/// <param name="Call">The call.</param>
/// <param name="Instructions">Predicted executed instructions; null where the target has no costs of the kernel.</param>
internal sealed record KernelOffer(KernelCall Call, double? Instructions)
{
    /// <summary>The prediction, 0 where there is none.</summary>
    public double KnownInstructions => Instructions ?? 0;

    /// <summary>The offer as one that was not taken.</summary>
    public KernelCandidate Describe() => new(Call.Work.Kernel, Call.Function, Instructions, Call.TableBytes, Call.ScratchBytes);
}
