using System.Collections.Immutable;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>Two positions in a group of four inputs.</summary>
/// <param name="Number">0..5: what kernels call it.</param>
/// <param name="First">0..2.</param>
/// <param name="Second">First + 1..3.</param>
internal readonly record struct PairOfPositions(int Number, int First, int Second)
{
    public const int GroupSize = 4;

    public const int Count = 6;

    private static readonly ImmutableArray<PairOfPositions> All = [new(0, 0, 1), new(1, 0, 2), new(2, 0, 3), new(3, 1, 2), new(4, 1, 3), new(5, 2, 3)];

    /// <summary>The first pair that has these positions; null where they are more than two.</summary>
    public static PairOfPositions? Holding(IReadOnlyCollection<int> positions) =>
        All.Where(pair => positions.All(position => position == pair.First || position == pair.Second)).Select(pair => (PairOfPositions?)pair).FirstOrDefault();

    public static PairOfPositions OfNumber(int number) => All[number];
}
