using System.Globalization;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Pqs.Reference.Model.Operators;
using Scriban.Runtime;

namespace Pqs.Codegen.Statistics;

/// <summary>
/// Writes a plan as C#: the steps, the memory and the schedules of the generated C, with every size as a literal. Tables are not in the text. The same plan
/// and version give the same text.
/// </summary>
internal static class NetworkEmitter
{
    /// <param name="plan">A verified plan.</param>
    /// <param name="counts">Whether the program counts overflows too; each layer of dot products then needs a counter.</param>
    public static string Emit(ExecutionPlan plan, bool counts)
    {
        var comments = new LayerText(plan, new ModelNames(CIdentifier.PrefixFrom(plan.Graph.Name)));
        return TemplateRenderer.Render(Installation.CSharpTemplate("network.cs.scriban"), new ScriptObject
        {
            ["version"] = Installation.Version,
            ["source_name"] = CIdentifier.Comment(plan.Graph.Name),
            ["source_hash"] = plan.Graph.SourceHash,
            ["counts"] = counts,
            ["arena_size"] = plan.Arena.Size,
            ["outputs"] = new ScriptArray(plan.Graph.Outputs.Select((id, index) => new ScriptObject
            {
                ["index"] = index,
                ["size"] = plan.Graph.Tensors[id].Shape.ElementCount,
            })),
            ["layers"] = new ScriptArray(plan.Steps.Select((step, position) => new ScriptObject
            {
                ["index"] = position,
                ["comment"] = comments.Comment(position),
                ["class"] = step.Node.Operator is Reshape ? "" : LayerEmitter.Emit(plan, position, counts),
                ["arguments"] = step.Node.Operator is DotProductOperator ? Arguments(position, counts) : "",
                ["statement"] = Statement(plan, position),
                ["output"] = Memory(plan, step.Node.Output),
            })),
        });
    }

    private static string Arguments(int position, bool counts) =>
        counts ? $"tables[{Text(position)}], counters[{Text(position)}]" : $"tables[{Text(position)}]";

    private static string Statement(ExecutionPlan plan, int position)
    {
        var node = plan.Steps[position].Node;
        var output = Memory(plan, node.Output);
        if (node.Operator is not Reshape)
        {
            return $"layer{Text(position)}.Run({string.Join(", ", node.Inputs.Select(input => Memory(plan, input)))}, {output});";
        }

        var source = Memory(plan, node.Inputs[0]);
        return source == output ? "" : $"{source}.CopyTo({output});";
    }

    /// <summary>The memory that the plan gives a tensor.</summary>
    private static string Memory(ExecutionPlan plan, int tensor)
    {
        var buffer = plan.BufferOf(tensor);
        var size = Text(plan.Graph.Tensors[tensor].Shape.ElementCount);
        return buffer.Kind switch
        {
            BufferKind.Input => $"sample.Slice({Text(plan.Graph.Inputs.Take(buffer.Index).Sum(id => plan.Graph.Tensors[id].Shape.ElementCount))}, {size})",
            BufferKind.Output => $"output{Text(buffer.Index)}.AsSpan()",
            _ => $"arena.AsSpan({Text(plan.Arena.Offsets[plan.Assignment.OfTensor[tensor]])}, {size})",
        };
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
