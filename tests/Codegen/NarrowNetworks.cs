using Pqs.Codegen.Analysis;
using Pqs.Reference.Diagnostics;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;

namespace Pqs.Tests.Codegen;

/// <summary>Gives a network random narrow accumulators, random schedules and random N:M pruning, layer by layer.</summary>
internal static class NarrowNetworks
{
    public static Graph Narrow(Graph graph, int seed)
    {
        var random = new Random(seed);
        var ranges = RangeAnalysis.Run(graph);
        var narrow = graph with
        {
            Nodes =
            [
                .. graph.Nodes.Select(node => node.Operator is DotProductOperator dot
                    ? node with { Operator = Narrow(Prune(dot, random), ranges[node.Inputs[0]], graph.Tensors[node.Inputs[0]].Quantization.ZeroPoint, random) }
                    : node),
            ],
        };
        return GraphVerifier.Verify(narrow, new DiagnosticBag()) ? narrow : throw new InvalidOperationException("The narrowed network is not valid.");
    }

    private static DotProductOperator Narrow(DotProductOperator dot, TensorRange range, int zeroPoint, Random random)
    {
        // Above 16 bits, orders that are not proven equal to the exact sum have no kernel. Widths just above 16 are those in which sums still clip.
        var bits = random.Next(3) == 0 ? random.Next(2) == 0 ? random.Next(17, 23) : random.Next(17, 33) : random.Next(Accumulator.MinimumBits, 17);
        var isBounded = AccumulatorAnalysis.Run(dot, range, zeroPoint).All(channel => channel.ProofAt(bits) == Proof.AnyOrder);
        Schedule schedule = random.Next(bits > 16 && !isBounded ? 5 : 8) switch
        {
            0 or 1 => Schedule.Exact,
            2 => Schedule.Alternating,
            3 => isBounded ? Schedule.Bounded : Schedule.Alternating,
            4 => new Schedule.Sorted(),
            5 => Schedule.Natural,
            6 => new Schedule.Sorted(Rounds: random.Next(1, 4)),
            _ => new Schedule.Sorted(random.Next(2) == 0 ? null : random.Next(1, 3), random.Next(2, 40)),
        };
        return dot with { Accumulator = new Accumulator(bits, schedule) };
    }

    /// <summary>Keeps N random weights of each M; some layers stay dense, some lose everything.</summary>
    private static DotProductOperator Prune(DotProductOperator dot, Random random)
    {
        var m = new[] { 1, 2, 3, 4, 8, 16, 32 }[random.Next(7)];
        var n = random.Next(m == 1 ? 1 : 0, m + 1);
        var weights = dot.Weights.ToArray();
        for (var channel = 0; channel < dot.OutputChannels; channel++)
        {
            for (var start = 0; start < dot.ProductCount; start += m)
            {
                var group = Enumerable.Range(start, Math.Min(m, dot.ProductCount - start)).ToArray();
                random.Shuffle(group);
                foreach (var k in group.Skip(n))
                {
                    weights[dot.WeightIndex(channel, k)] = 0;
                }
            }
        }

        return dot with { Weights = [.. weights] };
    }
}
