using System.Collections.Immutable;
using Pqs.Reference.Model;

namespace Pqs.Reference.Data;

/// <summary>
/// Samples for a verification without data: the same on every machine, and chosen to reach what real data seldom does. A constant sample at each end of the
/// container, alternating ends, a ramp, and pseudo-random bytes.
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

        return samples.ToImmutable();
    }

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
