using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pqs.Codegen.Plan;
using Pqs.Codegen.Targets;
using Pqs.Reference.Data;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.Codegen;

/// <summary>A network and the inputs to run it on.</summary>
internal sealed record ModelCase(Graph Graph, ImmutableArray<sbyte[]> Samples)
{
    /// <summary>What is asked of its plan.</summary>
    public PlanOptions Options { get; init; } = new();

    /// <summary>What its kernels are chosen by; null: the catalog's order.</summary>
    public CostTable? Costs { get; init; }

    /// <summary>With extreme and pseudo-random inputs.</summary>
    public static ModelCase Of(Graph graph) => new(graph, SampleGenerator.Generate(graph));

    /// <summary>What a person needs to see of a network that failed. The seed of the test gives its weights again.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"inputs {string.Join(", ", Graph.Inputs)}, outputs {string.Join(", ", Graph.Outputs)}\n");
        foreach (var node in Graph.Nodes)
        {
            var inputs = string.Join(", ", node.Inputs.Select(Describe));
            text.Append(CultureInfo.InvariantCulture, $"{Describe(node.Output)} = {node.Operator.Name}({inputs}) {Parameters(node.Operator)}\n");
        }

        return text.ToString();
    }

    private static string Parameters(Operator @operator) => @operator switch
    {
        Conv2D conv => $"{conv.Window} {DotProduct(conv)}",
        DepthwiseConv2D depthwise => $"{depthwise.Window} multiplier {depthwise.DepthMultiplier} {DotProduct(depthwise)}",
        FullyConnected fullyConnected => DotProduct(fullyConnected),
        Pad pad => $"before {string.Join(',', pad.Before)} after {string.Join(',', pad.After)}",
        _ => @operator.ToString(),
    };

    private static string DotProduct(DotProductOperator @operator) =>
        $"{@operator.Rounding} {@operator.OutputRange} weights {Some(@operator.Weights)} bias {Some(@operator.Bias)} factors {Some(@operator.Requantizations)}";

    private static string Some<T>(ImmutableArray<T> values)
    {
        const int shown = 12;
        return string.Join(' ', values.Take(shown)) + (values.Length > shown ? " ..." : "");
    }

    private string Describe(int tensor) => $"%{tensor}:{Graph.Tensors[tensor].Shape} zero point {Graph.Tensors[tensor].Quantization.ZeroPoint}";
}
