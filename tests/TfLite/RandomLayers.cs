using System.Collections.Immutable;

namespace Pqs.Tests.TfLite;

/// <summary>Adds random layers to a model, each within the bounds that an import demands.</summary>
internal sealed class RandomLayers(Dice dice, ModelBuilder builder)
{
    /// <summary>Keeps one layer cheap enough to be interpreted, and emulated, by the thousand.</summary>
    private const int MaximumElements = 2048;

    /// <summary>Products and elements of all layers so far, and one for each layer.</summary>
    public long Work { get; private set; }

    public float Scale() => (float)Math.Pow(2, dice.Between(-9.0, 1.0));

    public int ZeroPoint() => dice.Pick(-128, -128, 127, 0, dice.SByte(), dice.SByte());

    /// <summary>A layer on <paramref name="input"/>; more than one result where a second operand had to be made.</summary>
    public ImmutableArray<Activation> Add(Activation input, ImmutableArray<Activation> others)
    {
        var isImage = input.Shape.Length == 4;
        ImmutableArray<Activation> results = dice.Between(0, isImage ? 13 : 6) switch
        {
            0 or 1 => [FullyConnected(input)],
            2 or 3 => Sum(input, others),
            4 => [builder.Softmax(input, (float)Math.Pow(2, dice.Between(-4.0, 3.0)))],
            5 => [Reshape(input)],
            6 => [Pad(input)],
            7 or 8 => [Pool(input)],
            9 or 10 => [Depthwise(input)],
            _ => [Convolution(input)],
        };
        Work += results.Sum(result => 1L + result.ElementCount);
        return results;
    }

    private Activation FullyConnected(Activation input)
    {
        var inputSize = dice.Chance(25) ? input.Shape[^1] : input.ElementCount;
        var rows = input.ElementCount / inputSize;
        var channels = dice.Between(1, Math.Clamp(MaximumElements / rows, 1, 17));
        return Finish(result => builder.FullyConnected(input, RandomFilter(input, 1, 1, channels, inputSize, result), result), inputSize);
    }

    private Activation Convolution(Activation input)
    {
        var (height, width, steps) = Window(input, canDilate: true);
        var channels = dice.Chance(30) ? 4 * dice.Between(1, 4) : dice.Between(1, 9);
        var products = height * width * input.Shape[3];
        return Finish(result => builder.Conv2D(input, RandomFilter(input, height, width, channels, products, result), result, steps), products);
    }

    private Activation Depthwise(Activation input)
    {
        var (height, width, steps) = Window(input, canDilate: true);
        var channels = input.Shape[3] * (input.ElementCount > MaximumElements / 3 ? 1 : dice.Pick(1, 1, 1, 2, 3));
        return Finish(
            result => builder.DepthwiseConv2D(input, RandomFilter(input, height, width, channels, height * width, result), result, steps), height * width);
    }

    private Activation Pool(Activation input)
    {
        var (height, width, steps) = Window(input, canDilate: false);
        return dice.Chance(50)
            ? builder.AveragePool2D(input, height, width, steps, FusedFor(input.Scale, input.ZeroPoint))
            : builder.MaxPool2D(input, height, width, steps, FusedFor(input.Scale, input.ZeroPoint));
    }

    /// <summary>With a tensor of the same shape if there is one, itself included; else with another layer's result on the same input.</summary>
    private ImmutableArray<Activation> Sum(Activation input, ImmutableArray<Activation> others)
    {
        var result = RandomResult();
        var candidates = others.Where(other => other.Shape.SequenceEqual(input.Shape) && other.Index != input.Index).ToArray();
        if (candidates.Length > 0 || dice.Chance(20))
        {
            var second = dice.Pick<Activation>([.. candidates, input]);
            return [dice.Chance(50) ? builder.Add(input, second, result) : builder.Add(second, input, result)];
        }

        if (input.Shape.Length != 4)
        {
            return [builder.Add(input, input, result)];
        }

        var branch = Finish(
            made => builder.Conv2D(
                input, RandomFilter(input, 1, 1, input.Shape[3], input.Shape[3], made), made, new Steps(dice.Pick(PaddingKind.Same, PaddingKind.Valid))),
            input.Shape[3]);
        return [branch, builder.Add(branch, input, result)];
    }

    private Activation Reshape(Activation input)
    {
        var count = input.ElementCount;
        var divisor = dice.Pick<int>([.. Enumerable.Range(1, count).Where(candidate => count % candidate == 0)]);
        ImmutableArray<int> shape = dice.Pick<ImmutableArray<int>>([count], [1, count], [1, 1, count / divisor, divisor], [1, divisor, 1, count / divisor]);
        return builder.Reshape(input, shape, dice.Pick(22, 43, 70));
    }

    private Activation Pad(Activation input)
    {
        if (input.Shape.Length > 4)
        {
            return Reshape(input);
        }

        // Only inner dimensions of an image, and rarely the batch.
        var room = input.ElementCount < MaximumElements / 8 ? 2 : 0;
        var first = input.Shape.Length == 4 && !dice.Chance(10) ? 1 : 0;
        ImmutableArray<int> Side() => [.. input.Shape.Select((_, axis) => axis < first ? 0 : dice.Between(0, room))];
        return builder.Pad(input, Side(), Side(), dice.Chance(30));
    }

    private (int Height, int Width, Steps Steps) Window(Activation input, bool canDilate)
    {
        var isValid = dice.Chance(50);
        var dilationHeight = canDilate && dice.Chance(15) ? 2 : 1;
        var dilationWidth = canDilate && dice.Chance(15) ? dice.Between(2, 3) : 1;
        return (
            Kernel(input.Shape[1], dilationHeight),
            Kernel(input.Shape[2], dilationWidth),
            new Steps(isValid ? PaddingKind.Valid : PaddingKind.Same, dice.Pick(1, 1, 2, 3), dice.Pick(1, 1, 2, 4), dilationHeight, dilationWidth));

        // Without padding, the kernel must fit; with it, it may even be larger than the input.
        int Kernel(int size, int dilation) => dice.Between(1, Math.Min(isValid ? ((size - 1) / dilation) + 1 : size + 2, 5));
    }

    private Result RandomResult()
    {
        var (scale, zeroPoint) = (Scale(), ZeroPoint());
        return new Result(scale, zeroPoint, FusedFor(scale, zeroPoint));
    }

    /// <summary>Any activation that leaves a value; one that allows a single value alone is wanted too.</summary>
    private FusedActivation FusedFor(float scale, int zeroPoint)
    {
        var wanted = dice.Pick(FusedActivation.None, FusedActivation.None, FusedActivation.Relu, FusedActivation.Relu6, FusedActivation.ReluMinus1To1);
        var range = ExpectedValues.Range(new Result(scale, zeroPoint, wanted));
        return range.Minimum <= range.Maximum ? wanted : FusedActivation.None;
    }

    private Activation Finish(Func<Result, Activation> add, int products)
    {
        var output = add(RandomResult());
        Work += (long)output.ElementCount * products;
        return output;
    }

    private Filter RandomFilter(Activation input, int height, int width, int channels, int products, Result result)
    {
        var weights = Weights(channels * products);
        var largest = 256L * products * 128;
        var scales = Enumerable.Range(0, dice.Chance(70) ? channels : 1).Select(_ => WeightScale(input, result, products)).ToImmutableArray();
        var scaleOf = (int channel) => (double)input.Scale * scales[scales.Length == 1 ? 0 : channel] / result.Scale;
        return new Filter(height, width, channels, weights, scales, dice.Chance(15) ? null : Bias(channels, scaleOf, largest));
    }

    private ImmutableArray<sbyte> Weights(int count)
    {
        var kind = dice.Between(0, 12);
        var fill = dice.Pick<sbyte>(-128, 127, 0, 1);
        return [.. Enumerable.Range(0, count).Select(_ => kind switch
        {
            0 => fill,
            1 => dice.Pick<sbyte>(-128, -127, 127),
            2 => dice.Chance(75) ? (sbyte)0 : dice.SByte(),
            3 => (sbyte)dice.Between(-7, 7),
            _ => dice.SByte(),
        })];
    }

    /// <summary>
    /// Mostly such that random products give results all over the container. The factor leaves room for the largest sum: |v| · 2^(shift + 1) fits 31 bits, with
    /// a bit to spare for a bias.
    /// </summary>
    private float WeightScale(Activation input, Result result, int products)
    {
        var exponent = dice.Between(0, 19) switch
        {
            0 => dice.Between(-34.0, -20.0),
            1 => dice.Between(-4.0, 6.0),
            _ => dice.Between(-8.0, -5.0) - (Math.Log2(products) / 2),
        };
        var highest = 27 - Math.Ceiling(Math.Log2(256.0 * 128 * products));
        return (float)(Math.Pow(2, Math.Min(exponent, highest)) * result.Scale / input.Scale);
    }

    private ImmutableArray<int> Bias(int channels, Func<int, double> factorOf, long largest)
    {
        var kind = dice.Between(0, 9);
        return [.. Enumerable.Range(0, channels).Select(channel =>
        {
            var factor = factorOf(channel);
            var limit = Math.Min(1L << 29, (long)((1L << 29) / Math.Max(factor, 0.5))) - largest;
            var span = kind switch
            {
                0 => 0,
                1 => limit,
                2 => (long)(256 / factor),
                _ => (long)(64 / factor),
            };
            var bias = (int)Math.Clamp(span, 0, Math.Max(limit, 0));
            return kind == 1 ? dice.Pick(-bias, bias) : dice.Between(-bias, bias);
        })];
    }
}
