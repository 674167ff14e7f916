namespace Pqs.Codegen.Verification;

/// <summary>The first element in which a run differs from the reference interpreter.</summary>
/// <param name="Sample">Number of the sample, from 0.</param>
/// <param name="Layer">Number of the layer, from 0; the number of layers when only the model's final output differs.</param>
/// <param name="LayerName">What the layer is.</param>
/// <param name="Element">Index of the element in the layer's output.</param>
/// <param name="Channel">Its index in the innermost dimension.</param>
/// <param name="Expected">The interpreter's value.</param>
/// <param name="Actual">The run's value.</param>
public sealed record LayerMismatch(int Sample, int Layer, string LayerName, int Element, int Channel, sbyte Expected, sbyte Actual);
