namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>What the nodes of one model share while they are imported.</summary>
/// <param name="Values">What the names of inputs, and of the outputs of earlier nodes, stand for.</param>
/// <param name="Graph">The graph under construction.</param>
internal sealed record OnnxScope(Dictionary<string, OnnxValue> Values, DraftGraph Graph);
