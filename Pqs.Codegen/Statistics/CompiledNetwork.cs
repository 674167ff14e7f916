namespace Pqs.Codegen.Statistics;

/// <summary>What sees each layer's output as it is computed; the memory is reused afterwards.</summary>
/// <param name="layer">Position of the step in the plan.</param>
/// <param name="output">All elements.</param>
public delegate void LayerObserver(int layer, ReadOnlySpan<sbyte> output);

/// <summary>
/// A network as the emitted program computes it: the base of its one class. An instance has memory of its own and runs one sample at a time.
/// </summary>
public abstract class CompiledNetwork
{
    public LayerObserver? Observer { get; set; }

    /// <param name="sample">The input tensors one after another, as many elements as the graph's inputs have.</param>
    public abstract void Run(ReadOnlySpan<sbyte> sample);

    /// <summary>Called by the emitted program after each layer.</summary>
    protected void Done(int layer, ReadOnlySpan<sbyte> output) => Observer?.Invoke(layer, output);
}
