using System.Collections.Immutable;
using System.Globalization;

namespace Pqs.Reference.Model;

/// <summary>The dimensions of a tensor, outermost first. Image tensors are N×H×W×C. Every dimension is at least 1.</summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>More dimensions than this are refused at import.</summary>
    public const int MaximumRank = 6;

    public Shape(params ReadOnlySpan<int> dimensions) => Dimensions = [.. dimensions];

    public ImmutableArray<int> Dimensions { get; }

    public int Rank => Dimensions.Length;

    /// <summary>Number of elements. The graph verifier guarantees that it fits an int.</summary>
    public int ElementCount
    {
        get
        {
            var count = 1;
            foreach (var dimension in Dimensions)
            {
                count = checked(count * dimension);
            }

            return count;
        }
    }

    /// <summary>True when a tensor can have these dimensions: each at least 1, rank and number of elements within their limits.</summary>
    public bool IsPossible
    {
        get
        {
            var count = 1L;
            foreach (var dimension in Dimensions)
            {
                count = dimension < 1 ? long.MaxValue : count * dimension;
                if (count > GraphVerifier.MaximumElements)
                {
                    return false;
                }
            }

            return Rank is >= 1 and <= MaximumRank;
        }
    }

    public int this[int axis] => Dimensions[axis];

    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    public bool Equals(Shape other) => Dimensions.AsSpan().SequenceEqual(other.Dimensions.AsSpan());

    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var dimension in Dimensions)
        {
            hash.Add(dimension);
        }

        return hash.ToHashCode();
    }

    /// <summary>For example <c>1x32x32x3</c>.</summary>
    public override string ToString() =>
        string.Join('x', Dimensions.Select(dimension => dimension.ToString(CultureInfo.InvariantCulture)));
}
