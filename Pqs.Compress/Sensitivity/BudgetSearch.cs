using System.Collections.Immutable;

namespace Pqs.Compress.Sensitivity;

/// <summary>A layer's choices, each with its cost and with the error that it alone makes at the network's output.</summary>
/// <param name="Index">The layer's node.</param>
/// <param name="Options">The first is the one that costs most.</param>
internal sealed record LayerOptions(int Index, ImmutableArray<(LayerChoice Choice, long Cost, double Error)> Options);

/// <summary>
/// Chooses for each layer what keeps the sum of the errors small and the sum of the costs within a budget: from what costs most, again and again the step, of any
/// layer to any cheaper choice, that saves most for its error. Errors of layers are taken to add up.
/// </summary>
internal static class BudgetSearch
{
    /// <returns>The choice of each layer, by node; null where even the cheapest choices cost more than the limit.</returns>
    public static ImmutableSortedDictionary<int, LayerChoice>? Run(IReadOnlyList<LayerOptions> layers, long limit)
    {
        var chosen = new int[layers.Count];
        var cost = layers.Sum(layer => layer.Options[0].Cost);
        while (cost > limit)
        {
            var (best, bestLayer, bestOption) = (double.PositiveInfinity, -1, -1);
            for (var i = 0; i < layers.Count; i++)
            {
                var current = layers[i].Options[chosen[i]];
                for (var j = 0; j < layers[i].Options.Length; j++)
                {
                    var (_, itsCost, error) = layers[i].Options[j];
                    var rate = Math.Max(error - current.Error, 0) / (current.Cost - itsCost);
                    if (itsCost < current.Cost && rate < best)
                    {
                        (best, bestLayer, bestOption) = (rate, i, j);
                    }
                }
            }

            if (bestLayer < 0)
            {
                return null;
            }

            cost += layers[bestLayer].Options[bestOption].Cost - layers[bestLayer].Options[chosen[bestLayer]].Cost;
            chosen[bestLayer] = bestOption;
        }

        return layers.Index().ToImmutableSortedDictionary(entry => entry.Item.Index, entry => entry.Item.Options[chosen[entry.Index]].Choice);
    }
}
