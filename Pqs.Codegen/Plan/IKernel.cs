namespace Pqs.Codegen.Plan;

/// <summary>One kernel of the library in templates/kernels: which nodes it computes exactly, and how it is called for them.</summary>
public interface IKernel
{
    /// <summary>The calls for a node of a verified graph, each of which computes it exactly; none where this kernel does not.</summary>
    IEnumerable<KernelCall> Lower(LayerContext layer);
}
