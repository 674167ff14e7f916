using System.Collections.Immutable;

namespace Pqs.Reference.Import.Onnx.Float;

/// <summary>
/// How the elements of an ONNX tensor lie in a tensor of the graph. An ONNX file keeps images N×C×H×W, the graph N×H×W×C, so the two orders differ; and a
/// transpose or a reshape often changes only how the same elements are named.
/// <para>
/// Each dimension of the ONNX tensor is a product of factors greater than 1, outermost first; the graph's tensor has the same factors in another order.
/// Transposing orders the dimensions anew, reshaping splits factors and groups them otherwise; neither moves an element.
/// </para>
/// </summary>
/// <param name="Dimensions">The factors of each dimension of the ONNX tensor.</param>
/// <param name="Storage">All factors in the order of the graph's tensor, outermost first.</param>
internal sealed record Layout(ImmutableArray<ImmutableArray<Factor>> Dimensions, ImmutableArray<Factor> Storage)
{
    public int Rank => Dimensions.Length;

    /// <summary>The ONNX tensor's shape.</summary>
    public ImmutableArray<int> Sizes => [.. Dimensions.Select(factors => Factor.Product(factors))];

    public int ElementCount => Factor.Product(Storage);

    /// <summary>The same order on both sides.</summary>
    public static Layout Plain(IEnumerable<int> sizes)
    {
        ImmutableArray<ImmutableArray<Factor>> dimensions = [.. sizes.Select(Factor.Of)];
        return new Layout(dimensions, [.. dimensions.SelectMany(factors => factors)]);
    }

    /// <summary>N×C×H×W in ONNX, N×H×W×C in the graph.</summary>
    public static Layout Image(IEnumerable<int> sizes)
    {
        var plain = Plain(sizes);
        return plain with { Storage = [.. ImageOrder(plain.Dimensions)] };
    }

    /// <summary>True for four dimensions N×C×H×W that the graph keeps N×H×W×C.</summary>
    public bool IsImage => Rank == 4 && Storage.SequenceEqual(ImageOrder(Dimensions));

    /// <summary>True when both sides have the same order.</summary>
    public bool IsPlain => Storage.SequenceEqual(Dimensions.SelectMany(factors => factors));

    /// <summary>Dimension i of the result is dimension <paramref name="permutation"/>[i].</summary>
    public Layout Transposed(IEnumerable<int> permutation) => this with { Dimensions = [.. permutation.Select(axis => Dimensions[axis])] };

    /// <summary>Other dimensions over the same elements in the same ONNX order; null where that would move elements of the graph's tensor.</summary>
    public Layout? Reshaped(ReadOnlySpan<int> sizes)
    {
        var merged = Merged(Dimensions.SelectMany(factors => factors), Storage);
        var rest = new Stack<Factor>(merged.Ordered.Reverse());
        var storage = merged.Storage.ToList();
        var dimensions = ImmutableArray.CreateBuilder<ImmutableArray<Factor>>(sizes.Length);
        foreach (var size in sizes)
        {
            if (Take(size, rest, storage) is not { } factors)
            {
                return null;
            }

            dimensions.Add(factors);
        }

        return rest.Count == 0 ? new Layout(dimensions.MoveToImmutable(), [.. storage]) : null;
    }

    /// <summary>True when the other layout keeps every element in the same place.</summary>
    public bool HasPlacesOf(Layout other) => Sizes.SequenceEqual(other.Sizes) && Signature().SequenceEqual(other.Signature());

    /// <summary>
    /// The factors of some neighbouring dimensions, in the graph's order; null when they are not the innermost ones there. Their own order may be any.
    /// </summary>
    public ImmutableArray<Factor>? Innermost(int dimension, int count = 1)
    {
        var wanted = Dimensions[dimension..(dimension + count)].SelectMany(factors => factors).ToHashSet();
        var innermost = Storage[^wanted.Count..];
        return innermost.All(wanted.Contains) ? innermost : null;
    }

    private static IEnumerable<Factor> ImageOrder(ImmutableArray<ImmutableArray<Factor>> dimensions) =>
        [.. dimensions[0], .. dimensions[2], .. dimensions[3], .. dimensions[1]];

    /// <summary>As few factors as possible: neighbours in both orders become one.</summary>
    private static (ImmutableArray<Factor> Ordered, ImmutableArray<Factor> Storage) Merged(IEnumerable<Factor> ordered, ImmutableArray<Factor> storage)
    {
        var next = storage.Zip(storage.Skip(1)).ToDictionary(pair => pair.First, pair => pair.Second);
        var runs = new List<List<Factor>>();
        foreach (var factor in ordered)
        {
            if (runs.Count > 0 && next.GetValueOrDefault(runs[^1][^1]) == factor)
            {
                runs[^1].Add(factor);
            }
            else
            {
                runs.Add([factor]);
            }
        }

        var merged = runs.ToDictionary(run => run[0], run => new Factor(Factor.Product(run)));
        return ([.. runs.Select(run => merged[run[0]])], [.. storage.Where(merged.ContainsKey).Select(first => merged[first])]);
    }

    /// <summary>Takes factors of a product from the front, splitting the last one if it is a multiple of what is missing.</summary>
    private static ImmutableArray<Factor>? Take(int size, Stack<Factor> rest, List<Factor> storage)
    {
        var taken = ImmutableArray.CreateBuilder<Factor>();
        while (size > 1)
        {
            if (!rest.TryPop(out var factor))
            {
                return null;
            }

            if (size % factor.Size != 0)
            {
                if (factor.Size % size != 0)
                {
                    return null;
                }

                var (outer, inner) = (new Factor(size), new Factor(factor.Size / size));
                var place = storage.IndexOf(factor);
                storage[place] = outer;
                storage.Insert(place + 1, inner);
                rest.Push(inner);
                factor = outer;
            }

            taken.Add(factor);
            size /= factor.Size;
        }

        return taken.ToImmutable();
    }

    /// <summary>Sizes of the factors and their order in the graph, with neighbours inside a dimension joined: equal for equal places.</summary>
    private ImmutableArray<int> Signature()
    {
        var next = Storage.Zip(Storage.Skip(1)).ToDictionary(pair => pair.First, pair => pair.Second);
        var signature = ImmutableArray.CreateBuilder<int>();
        foreach (var factors in Dimensions)
        {
            for (var i = 0; i < factors.Length; i++)
            {
                if (i > 0 && next.GetValueOrDefault(factors[i - 1]) == factors[i])
                {
                    signature[^1] *= factors[i].Size;
                }
                else
                {
                    signature.Add(Factor.Product(Storage[..Storage.IndexOf(factors[i])]));
                    signature.Add(factors[i].Size);
                }
            }
        }

        return signature.ToImmutable();
    }
}
