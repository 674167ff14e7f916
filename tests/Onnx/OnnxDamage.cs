using Pqs.Reference.Onnx;

namespace Pqs.Tests.Onnx;

/// <summary>Damage to ONNX graphs that is the same for float and for quantized ones.</summary>
internal static class OnnxDamage
{
    /// <summary>Changes a node's operator, an attribute or an input; for any other kind, or where it has none of these, gives it an axis.</summary>
    /// <param name="number">Draws a number for an attribute.</param>
    public static void ChangeNode(GraphProto graph, NodeProto node, int kind, string[] operators, Random random, Func<long> number)
    {
        switch (kind)
        {
            case 0:
                node.OpType = operators[random.Next(operators.Length)];
                break;
            case 1 when node.Attribute.Count > 0:
                var attribute = node.Attribute[random.Next(node.Attribute.Count)];
                attribute.I = number();
                attribute.F = random.Next(3) switch { 0 => float.NaN, 1 => float.PositiveInfinity, _ => -1 };
                for (var i = 0; i < attribute.Ints.Count; i++)
                {
                    attribute.Ints[i] = random.Next(2) == 0 ? number() : attribute.Ints[i];
                }

                break;
            case 2 when node.Input.Count > 0:
                string[] names = [.. graph.Input.Select(input => input.Name), .. graph.Initializer.Select(tensor => tensor.Name), .. graph.Node.SelectMany(other => other.Output), ""];
                node.Input[random.Next(node.Input.Count)] = names[random.Next(names.Length)];
                break;
            case 3 when node.Input.Count > 0:
                node.Input.RemoveAt(random.Next(node.Input.Count));
                break;
            default:
                node.Attribute.Add(new AttributeProto { Name = "axis", Type = AttributeProto.Types.AttributeType.Int, I = number() });
                break;
        }
    }
}
