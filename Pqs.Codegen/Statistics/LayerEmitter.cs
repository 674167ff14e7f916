using Pqs.Codegen.Plan;
using Pqs.Codegen.Rendering;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Scriban.Runtime;

namespace Pqs.Codegen.Statistics;

/// <summary>Writes one step of a plan as a C# class: its sizes as constants, then the loops of its operator and its schedule.</summary>
internal static class LayerEmitter
{
    /// <summary>The widest accumulator of which every schedule has loops of its own.</summary>
    private const int WidestLiteralBits = 16;

    public static string Emit(ExecutionPlan plan, int position, bool counts)
    {
        var @operator = plan.Steps[position].Node.Operator;
        var model = new ScriptObject
        {
            ["index"] = position,
            ["constants"] = new ScriptArray(LayerConstants.Of(plan.Graph, plan.Steps[position].Node)
                .Select(constant => new ScriptObject { ["name"] = constant.Name, ["value"] = constant.Value })),
        };
        if (@operator is not DotProductOperator dot)
        {
            model["body"] = Part(Loops(@operator));
            return TemplateRenderer.Render(Installation.CSharpTemplate("layer.cs.scriban"), model);
        }

        var isSum = IsSum(dot);
        model["counts"] = counts;
        model["count"] = counts ? Part("count.cs") : "";
        model["geometry"] = Part(Loops(dot));
        model["accumulate"] = isSum ? counts ? "" : Part("accumulate_sum.cs") : Part(Accumulation(dot.Accumulator.Schedule, IsPartitioned(plan, position)));
        model["sum"] = isSum && dot.Accumulator.Bits < Accumulator.MaximumBits ? "Math.Clamp(sums[channel], Minimum, Maximum)" : "sums[channel]";
        model["rounding"] = dot.Rounding == Rounding.Double ? "Double" : "Single";
        return TemplateRenderer.Render(Installation.CSharpTemplate("dot_product.cs.scriban"), model);
    }

    /// <summary>Whether the positive weights of a layer's channels are stored before the negative ones: where a product has the sign of its weight.</summary>
    public static bool IsPartitioned(ExecutionPlan plan, int position)
    {
        var (node, _, _) = plan.Steps[position];
        return node.Operator is DotProductOperator { Accumulator.Schedule: Schedule.AlternatingSchedule }
            && Analysis.RangeAnalysis.Run(plan.Graph)[node.Inputs[0]].Minimum >= plan.Graph.Tensors[node.Inputs[0]].Quantization.ZeroPoint;
    }

    /// <summary>
    /// Whether the result is the exact sum, saturated once. For wider accumulators the plan has made sure of it, or there would be no kernel in C either.
    /// </summary>
    private static bool IsSum(DotProductOperator dot) =>
        dot.Accumulator.Schedule is Schedule.WideSchedule or Schedule.BoundedSchedule or Schedule.ExactSchedule || dot.Accumulator.Bits > WidestLiteralBits;

    private static string Loops(Operator @operator) => @operator switch
    {
        Conv2D => "conv2d.cs",
        DepthwiseConv2D => "depthwise_conv2d.cs",
        FullyConnected => "fully_connected.cs",
        Add => "add.cs",
        AveragePool2D => "average_pool_2d.cs",
        MaxPool2D => "max_pool_2d.cs",
        Pad => "pad.cs",
        Softmax => "softmax.cs",
        _ => throw new InvalidOperationException($"There are no loops in C# for {@operator.Name}."),
    };

    private static string Accumulation(Schedule schedule, bool isPartitioned) => schedule switch
    {
        Schedule.AlternatingSchedule when isPartitioned => "accumulate_alternating_partitioned.cs",
        Schedule.AlternatingSchedule => "accumulate_alternating.cs",
        Schedule.Sorted => "accumulate_sorted.cs",
        _ => "accumulate_natural.cs",
    };

    private static string Part(string name) => File.ReadAllText(Installation.CSharpTemplate(name));
}
