namespace Pqs.Reference.Model;

/// <summary>An int8 activation tensor. Its id is its index in <see cref="Graph.Tensors"/>.</summary>
/// <param name="Name">The name in the model file: untrusted text, to be cleaned by whoever prints or emits it.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Quantization">Scale and zero point.</param>
/// <param name="SourceIndex">Index of the tensor in the model file it came from.</param>
public sealed record Tensor(string Name, Shape Shape, Quantization Quantization, int SourceIndex)
{
    /// <summary>
    /// The values that the caller promises to keep to in a graph input; everything for any other tensor. Proofs rest on the promise, and no result is defined for
    /// inputs that break it.
    /// </summary>
    public TensorRange DeclaredRange { get; init; } = TensorRange.Full;
}
