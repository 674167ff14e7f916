using System.Collections.Immutable;
using Pqs.Reference.Model;

namespace Pqs.Reference.Data;

/// <summary>
/// Samples for a verification without data: the same on every machine, and chosen to reach what real data seldom does. A constant sample at each end of the
/// container, alternating ends, a ramp, and pseudo-random bytes; all of them moved into the inputs' declared ranges.
/// </summary>
public static class SampleGenerator
{
    private const int RandomSamples = 4;

    public static ImmutableArray<sbyte[]> Generate(Graph graph)
    {
        var size = graph.InputBytes;
        var samples = ImmutableArray.CreateBuilder<sbyte[]>();
        samples.Add(Fill(size, _ => sbyte.MinValue));
        samples.Add(Fill(size, _ => sbyte.MaxValue));
        samples.Add(Fill(size, i => i % 2 == 0 ? sbyte.MinValue : sbyte.MaxValue));
        samples.Add(Fill(size, i => (sbyte)i));
        for (var seed = 1u; seed <= RandomSamples; seed++)
        {
            // The "quick and dirty" linear congruential generator of Numerical Recipes; its high byte.
            var state = seed;
            samples.Add(Fill(size, _ => (sbyte)((state = (state * 1664525) + 1013904223) >> 24)));
        }

        ImmutableArray<TensorRange> ranges =
            [.. graph.Inputs.SelectMany(input => Enumerable.Repeat(graph.Tensors[input].DeclaredRange, graph.Tensors[input].Shape.ElementCount))];
        return [.. samples.Select(sample => (sbyte[])[.. sample.Zip(ranges, Move)])];
    }

    /// <summary>Keeps the ends of the container at the ends of the range.</summary>
    private static sbyte Move(sbyte value, TensorRange range) =>
        (sbyte)(range.Minimum + (((value - sbyte.MinValue) * (range.Maximum - range.Minimum)) / byte.MaxValue));

    private static sbyte[] Fill(int size, Func<int, sbyte> element)
    {
        var sample = new sbyte[size];
        for (var i = 0; i < size; i++)
        {
            sample[i] = element(i);
        }

        return sample;
    }
}
