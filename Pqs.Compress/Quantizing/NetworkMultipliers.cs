using System.Collections.Immutable;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Import.Onnx.Quantized;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;

namespace Pqs.Compress.Quantizing;

/// <summary>Changes the bits of the multipliers of a quantized network, and nothing else.</summary>
public static class NetworkMultipliers
{
    /// <summary>
    /// With 15 bits, multipliers are rounded. With 31, those of operators that have 15 are computed from the scales again; others stay as they are.
    /// </summary>
    /// <returns>The changed graph; null when an error was reported.</returns>
    public static Graph? Apply(Graph graph, int bits, DiagnosticBag diagnostics)
    {
        var changed = graph with
        {
            Nodes = [.. graph.Nodes.Select(node => node with
            {
                Operator = node.Operator switch
                {
                    DotProductOperator dot => Change(graph, node, dot, bits, diagnostics),
                    Add add => Change(graph, node, add, bits, diagnostics),
                    _ => node.Operator,
                },
            })],
        };
        return !diagnostics.HasErrors && GraphVerifier.Verify(changed, diagnostics) ? changed : null;
    }

    private static DotProductOperator Change(Graph graph, Node node, DotProductOperator dot, int bits, DiagnosticBag diagnostics)
    {
        var (input, output) = (Scale(graph, node.Inputs[0]), Scale(graph, node.Output));
        var factors = Change(
            dot.Requantizations, bits, () => ScaleFactors.OfDotProduct(dot is FullyConnected, input, dot.WeightScales, output, dot.OutputChannels, bits));
        return Require(factors, graph, node, diagnostics) ? dot with { Requantizations = factors!.Value } : dot;
    }

    private static Add Change(Graph graph, Node node, Add add, int bits, DiagnosticBag diagnostics)
    {
        var factors = Change(
            [add.First, add.Second, add.Output],
            bits,
            () => ScaleFactors.OfAdd(Scale(graph, node.Inputs[0]), Scale(graph, node.Inputs[1]), Scale(graph, node.Output), bits));
        return Require(factors, graph, node, diagnostics) && factors is [var first, var second, var sum]
            ? add with { First = first, Second = second, Output = sum }
            : add;
    }

    /// <summary>The factors with multipliers of some bits; null where one is out of range.</summary>
    private static ImmutableArray<Requantization>? Change(
        ImmutableArray<Requantization> factors, int bits, Func<ImmutableArray<Requantization>?> fromScales)
    {
        if (MultiplierBits.Of(factors) == bits)
        {
            return factors;
        }

        if (bits == MultiplierBits.Long)
        {
            return fromScales();
        }

        var rounded = factors.Select(MultiplierQuantization.Shorten).ToArray();
        return rounded.All(factor => factor != null) ? [.. rounded.Select(factor => factor!.Value)] : null;
    }

    private static bool Require(ImmutableArray<Requantization>? factors, Graph graph, Node node, DiagnosticBag diagnostics)
    {
        if (factors == null)
        {
            diagnostics.Report(DiagnosticDescriptors.ScaleOutOfRange, $"{graph.Name}: {node.Origin}", Scale(graph, node.Output), "the output");
        }

        return factors != null;
    }

    private static float Scale(Graph graph, int tensor) => graph.Tensors[tensor].Quantization.Scale;
}
