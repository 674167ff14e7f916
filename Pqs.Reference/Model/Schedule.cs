namespace Pqs.Reference.Model;

/// <summary>In which order partial products meet the accumulator (docs/numerics.md, "Schedules"). The records below are all there are.</summary>
public abstract record Schedule
{
    private Schedule()
    {
    }

    /// <summary>Left to right, each addition saturating at the accumulator's width.</summary>
    public static Schedule Natural { get; } = new NaturalSchedule();

    /// <summary>Left to right in a 32-bit accumulator; the meaning of an imported int8 model.</summary>
    public static Schedule Wide { get; } = new WideSchedule();

    /// <summary>While both signs are left, a negative product when the sum is not negative and else a positive one; then the rest.</summary>
    public static Schedule Alternating { get; } = new AlternatingSchedule();

    /// <summary>Left to right, for channels of which it is proven that no sum of any of their products leaves the width: then any order gives the same.</summary>
    public static Schedule Bounded { get; } = new BoundedSchedule();

    /// <summary>
    /// The exact sum, saturated once at the end. Where no product exceeds the width it is what <see cref="Sorted"/> without a tile or a limit of rounds gives.
    /// </summary>
    public static Schedule Exact { get; } = new ExactSchedule();

    /// <summary>The schedule's name where people read or write it.</summary>
    public abstract string Name { get; }

    public sealed override string ToString() => Name;

    public sealed record NaturalSchedule : Schedule
    {
        public override string Name => "natural";
    }

    public sealed record WideSchedule : Schedule
    {
        public override string Name => "wide";
    }

    public sealed record AlternatingSchedule : Schedule
    {
        public override string Name => "alternating";
    }

    public sealed record BoundedSchedule : Schedule
    {
        public override string Name => "bounded";
    }

    public sealed record ExactSchedule : Schedule
    {
        public override string Name => "exact";
    }

    /// <summary>
    /// The schedule of PQS: in rounds, the largest positive product is added to the most negative one, the next to the next, until one sign is left or the
    /// rounds are used up; what remains is added in ascending magnitude.
    /// </summary>
    /// <param name="Rounds">At least 1; null for as many as it takes.</param>
    /// <param name="Tile">
    /// At least 2: each run of so many products, of weights that are not zero, is reduced by itself, and the results are added left to right. Null for the whole dot product.
    /// </param>
    public sealed record Sorted(int? Rounds = null, int? Tile = null) : Schedule
    {
        public override string Name => (Rounds, Tile) switch
        {
            (null, null) => "sorted",
            ({ } rounds, null) => $"sorted:rounds={rounds}",
            (null, { } tile) => $"sorted:tile={tile}",
            ({ } rounds, { } tile) => $"sorted:rounds={rounds},tile={tile}",
        };
    }
}
