using System.Collections.Immutable;
using CsCheck;

namespace Pqs.Tests.TfLite;

/// <summary>
/// Generates small networks that can be imported: odd sizes, single pixels, dot products from one product up, extreme weights, biases and zero
/// points, residual connections, several inputs and outputs. A failing case shrinks to one with less work.
/// </summary>
internal sealed class RandomModel : Gen<ModelBuilder>
{
    private readonly int _maximumLayers;

    private RandomModel(int maximumLayers) => _maximumLayers = maximumLayers;

    /// <summary>Networks of 1 to <paramref name="maximumLayers"/> layers, and some ADD with one more to have a second operand.</summary>
    public static Gen<ModelBuilder> WithLayers(int maximumLayers) => new RandomModel(maximumLayers);

    /// <summary>The network of a number: the same on every machine.</summary>
    public static ModelBuilder Numbered(uint number, int maximumLayers) => WithLayers(maximumLayers).Generate(new PCG(1, number), null, out _);

    public override ModelBuilder Generate(PCG pcg, Size? min, out Size size)
    {
        var dice = new Dice(pcg);
        var builder = new ModelBuilder();
        var layers = new RandomLayers(dice, builder);
        List<Activation> inputs = [];
        List<Activation> results = [];
        for (var count = dice.Chance(20) ? 2 : 1; count > 0; count--)
        {
            inputs.Add(builder.AddInput(InputShape(dice), layers.Scale(), layers.ZeroPoint()));
        }

        for (var count = dice.Between(1, _maximumLayers); count > 0; count--)
        {
            // Mostly a chain; otherwise a branch.
            var from = results.Count == 0 ? inputs[0] : dice.Chance(75) ? results[^1] : dice.Pick<Activation>([.. inputs, .. results]);
            results.AddRange(layers.Add(from, [.. inputs, .. results]));
        }

        // What nothing reads must be an output to stay; what something reads may be one.
        var read = builder.File.Subgraph.Operators.SelectMany(@operator => @operator.Inputs).ToHashSet();
        builder.Output([.. results.Where(result => !read.Contains(result.Index) || dice.Chance(10))]);
        size = new Size((ulong)layers.Work);
        return builder;
    }

    private static ImmutableArray<int> InputShape(Dice dice) => dice.Between(0, 9) switch
    {
        0 => [dice.Between(1, 40)],
        1 => [dice.Between(1, 3), dice.Between(1, 40)],
        2 => [2, dice.Between(1, 5), dice.Between(1, 5), dice.Between(1, 4)],
        3 => [1, 1, 1, dice.Between(1, 16)],
        4 => [1, dice.Between(1, 20), 1, dice.Between(1, 8)],
        5 => [1, 4 * dice.Between(1, 2), 4 * dice.Between(1, 2), 4 * dice.Between(1, 4)],
        _ => [1, dice.Between(1, 9), dice.Between(1, 9), dice.Between(1, 7)],
    };
}
