using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.TfLite;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Tests.TfLite;
using Pqs.Tests.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>Graphs from built models.</summary>
internal static class Graphs
{
    /// <summary>What the importer makes of a model.</summary>
    public static Graph Import(ModelBuilder builder, string name = "m")
    {
        var diagnostics = new DiagnosticBag();
        return TfLiteImporter.Import(builder.Build(), name + ".tflite", name, diagnostics)
            ?? throw new InvalidOperationException(string.Join('\n', diagnostics.Lines()));
    }

    /// <summary>The same; null for a random model that is refused since a sum might leave what requantization is defined for.</summary>
    public static Graph? ImportRandom(ModelBuilder builder)
    {
        var diagnostics = new DiagnosticBag();
        var graph = TfLiteImporter.Import(builder.Build(), "m.tflite", "m", diagnostics);
        return graph != null || diagnostics.Lines().All(line => line.StartsWith("PQS0212", StringComparison.Ordinal)) ? graph
            : throw new InvalidOperationException(string.Join('\n', diagnostics.Lines()));
    }

    /// <summary>The same network with the rounding that no imported model has.</summary>
    public static Graph WithSingleRounding(Graph graph) => graph with
    {
        Nodes =
        [
            .. graph.Nodes.Select(node => node.Operator is DotProductOperator dot
                ? node with { Operator = dot with { Rounding = Rounding.Single } }
                : node),
        ],
    };

    /// <summary>The same network with multipliers whose low 16 bits are zero.</summary>
    public static Graph WithShortMultipliers(Graph graph) => graph with
    {
        Nodes =
        [
            .. graph.Nodes.Select(node => node with
            {
                Operator = node.Operator switch
                {
                    DotProductOperator dot => dot with { Requantizations = [.. dot.Requantizations.Select(WithShortMultiplier)] },
                    Add add => add with { First = WithShortMultiplier(add.First), Second = WithShortMultiplier(add.Second), Output = WithShortMultiplier(add.Output) },
                    _ => node.Operator,
                },
            }),
        ],
    };

    /// <summary>The factor rounded down: that keeps to all that the graph's verifier asks for.</summary>
    public static Requantization WithShortMultiplier(Requantization factor) => factor with { Multiplier = factor.Multiplier & 0x7FFF0000 };

    /// <summary>A layer's own numbers, drawn so that outputs spread over the whole int8 range.</summary>
    public static Filter Filter(Dice dice, int height, int width, int channels, int products)
    {
        var scale = 4 / (128 * Math.Sqrt(products) * 128);
        return new Filter(
            height,
            width,
            channels,
            [.. Enumerable.Range(0, channels * products).Select(_ => dice.SByte())],
            [.. Enumerable.Range(0, channels).Select(_ => (float)(scale * dice.Between(0.2, 3.0)))],
            [.. Enumerable.Range(0, channels).Select(_ => dice.Between(-20_000, 20_000))]);
    }
}
