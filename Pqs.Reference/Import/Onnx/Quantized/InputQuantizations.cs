namespace Pqs.Reference.Import.Onnx.Quantized;

/// <summary>Finds the node that quantizes, or dequantizes, each value first, through nodes that only move elements: what an input's integers stand for.</summary>
internal static class InputQuantizations
{
    /// <summary>Operators that give the elements that they are given.</summary>
    private static readonly HashSet<string> Moving = ["Dropout", "Flatten", "Identity", "MaxPool", "Reshape", "Squeeze", "Transpose", "Unsqueeze"];

    public static Dictionary<string, OnnxNode> Find(OnnxSourceModel source)
    {
        var found = new Dictionary<string, OnnxNode>(StringComparer.Ordinal);
        foreach (var node in source.Nodes.Reverse())
        {
            if (node.Inputs is not [{ Constant: null } input, ..])
            {
                continue;
            }

            if (OnnxSourceModel.IsQuantizing(node))
            {
                found[input.Name] = node;
            }
            else if (Moving.Contains(node.Operator) && node.Outputs is [var output, ..] && found.TryGetValue(output, out var behind))
            {
                found[input.Name] = behind;
            }
        }

        return found;
    }
}
