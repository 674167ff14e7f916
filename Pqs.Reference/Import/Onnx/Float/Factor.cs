using System.Collections.Immutable;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>A part of one or more dimensions, greater than 1; two factors of the same size are different ones.</summary>
internal sealed class Factor(int size)
{
    public int Size => size;

    /// <summary>The factors of a dimension: one, or none where it is 1.</summary>
    public static ImmutableArray<Factor> Of(int size) => size == 1 ? [] : [new Factor(size)];

    public static int Product(IEnumerable<Factor> factors) => factors.Aggregate(1, (product, factor) => checked(product * factor.Size));

    /// <summary>How far apart neighbours along each factor are when the last one is counted fastest.</summary>
    public static Dictionary<Factor, int> Distances(IEnumerable<Factor> factors)
    {
        var distances = new Dictionary<Factor, int>();
        var distance = 1;
        foreach (var factor in factors.Reverse())
        {
            distances.Add(factor, distance);
            distance *= factor.Size;
        }

        return distances;
    }

    /// <summary>For every index over some factors, the last one fastest, the sum of its parts' distances.</summary>
    /// <param name="factors">The factors to count over.</param>
    /// <param name="distances">How far apart neighbours along a factor are; 0 for those that it does not give.</param>
    public static int[] Offsets(ImmutableArray<Factor> factors, IReadOnlyDictionary<Factor, int> distances)
    {
        var offsets = new int[Product(factors)];
        var period = offsets.Length;
        foreach (var factor in factors)
        {
            period /= factor.Size;
            var step = distances.GetValueOrDefault(factor);
            for (var i = 0; step != 0 && i < offsets.Length; i++)
            {
                offsets[i] += i / period % factor.Size * step;
            }
        }

        return offsets;
    }
}
