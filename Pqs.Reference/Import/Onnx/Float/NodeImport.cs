using Pqs.Reference.Diagnostics;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>The nodes of a file, one after another.</summary>
internal static class NodeImport
{
    /// <summary>After this many refused nodes the rest is not looked at.</summary>
    private const int MaximumRefusals = 32;

    /// <summary>Gives every name that the nodes write its meaning. What depends on a node that was refused is passed over.</summary>
    /// <returns>False when a node was refused.</returns>
    public static bool Run(OnnxSourceModel source, OnnxScope scope)
    {
        var read = source.Nodes.SelectMany(node => node.Inputs).OfType<OnnxOperand>().Select(operand => operand.Name);
        var used = read.Concat(source.Outputs).ToHashSet(StringComparer.Ordinal);
        var refused = new HashSet<string>(StringComparer.Ordinal);
        var refusals = 0;
        foreach (var node in source.Nodes)
        {
            if (node.Inputs.OfType<OnnxOperand>().Any(input => refused.Contains(input.Name)))
            {
                refused.UnionWith(node.Outputs);
            }
            else if (Import(node, used, scope) is { } value)
            {
                scope.Values[node.Outputs[0]] = value;
            }
            else if (scope.Graph.IsFull || ++refusals == MaximumRefusals)
            {
                return false;
            }
            else
            {
                refused.UnionWith(node.Outputs);
            }
        }

        return refusals == 0;
    }

    /// <summary>What the node's first output stands for; null when anything was reported.</summary>
    private static OnnxValue? Import(OnnxNode node, HashSet<string> used, OnnxScope scope)
    {
        var before = node.Diagnostics.Count;
        var value = Find(node, used)?.Import(new OnnxNodeReader(node, scope));
        return node.Diagnostics.Count == before ? value : null;
    }

    /// <summary>The node's operator; null, reported, for a node that cannot be taken whatever its operands are.</summary>
    private static OnnxOperator? Find(OnnxNode node, HashSet<string> used)
    {
        if (OnnxOperators.Find(node.Operator) is not { } @operator)
        {
            node.Diagnostics.Report(DiagnosticDescriptors.OperatorUnsupported, node.Place, node.Operator, OnnxOperators.Names);
            return null;
        }

        if (node.ReadOutput() == null || !@operator.RequireForm(node))
        {
            return null;
        }

        if (node.Outputs.Skip(1).FirstOrDefault(used.Contains) is { Length: > 0 } second)
        {
            node.RefuseAttribute("output", Printable.Name(second), "only a node's first output is computed");
            return null;
        }

        return @operator;
    }
}
