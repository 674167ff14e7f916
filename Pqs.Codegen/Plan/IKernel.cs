namespace Pqs.Codegen.Plan;

/// <summary>One kernel of the library in templates/kernels: which nodes it computes exactly, and how it is called for them.</summary>
public interface IKernel
{
    /// <summary>The call for a node of a verified graph, or null where this kernel does not compute it exactly.</summary>
    KernelCall? TryLower(LayerContext layer);
}
