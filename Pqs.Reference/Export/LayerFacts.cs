using System.Collections.Immutable;
using Pqs.Reference.Import.Onnx.Quantized;
using Pqs.Reference.Model;
using Pqs.Reference.Model.Operators;
using Pqs.Reference.Numerics;
using Pqs.Reference.Onnx;

namespace Pqs.Reference.Export;

/// <summary>Finds what the metadata has to say of a node: what ONNX has no place for, and integers that do not follow from the file's scales.</summary>
internal static class LayerFacts
{
    public static LayerMetadata? Of(Operator @operator, Quantization first, Quantization second, Quantization output)
    {
        var facts = @operator switch
        {
            DotProductOperator dot => OfDotProduct(dot, first, output),
            Add add => OfAdd(add, first, second, output),
            Softmax softmax => OfSoftmax(softmax, first),
            _ => new LayerMetadata(@operator.Name),
        };
        var range = @operator switch
        {
            DotProductOperator dot => dot.OutputRange,
            Add add => add.OutputRange,
            Pool2D pool => pool.OutputRange,
            _ => OutputRange.Full,
        };
        facts = IsRecovered(range, output) ? facts : facts with { OutputRange = range };
        return facts == new LayerMetadata(@operator.Name) ? null : facts;
    }

    private static LayerMetadata OfDotProduct(DotProductOperator dot, Quantization input, Quantization output)
    {
        var facts = new LayerMetadata(dot.Name)
        {
            Accumulator = dot.Accumulator,
            Rounding = dot.Rounding,
            WeightBits = LayerMetadata.BitsOf(dot.Weights),
            Pruning = PruningPattern.Detect(dot),
        };
        return WithFactors(
            facts,
            bits => ScaleFactors.OfDotProduct(dot is FullyConnected, input.Scale, dot.WeightScales, output.Scale, dot.OutputChannels, bits),
            dot.Requantizations);
    }

    private static LayerMetadata OfAdd(Add add, Quantization first, Quantization second, Quantization output) => WithFactors(
        new LayerMetadata(add.Name), bits => ScaleFactors.OfAdd(first.Scale, second.Scale, output.Scale, bits), [add.First, add.Second, add.Output]);

    private static LayerMetadata OfSoftmax(Softmax softmax, Quantization input)
    {
        var recovered = SoftmaxQuantization.Quantize(SoftmaxQuantization.RealFactor(SoftmaxExport.Beta(softmax, input.Scale), input.Scale));
        return recovered == softmax ? new LayerMetadata(softmax.Name) : new LayerMetadata(softmax.Name)
        {
            Factors = [new Requantization(softmax.InputMultiplier, softmax.InputLeftShift)],
            MinimumDifference = softmax.MinimumDifference,
        };
    }

    /// <summary>The actual factors, unless an import finds them by itself or with multipliers of 15 bits.</summary>
    /// <param name="recovered">What an import finds, by the bits of multipliers.</param>
    private static LayerMetadata WithFactors(
        LayerMetadata facts, Func<int, ImmutableArray<Requantization>?> recovered, ImmutableArray<Requantization> actual) =>
        recovered(MultiplierBits.Long)?.SequenceEqual(actual) == true ? facts
        : recovered(MultiplierBits.Short)?.SequenceEqual(actual) == true ? facts with { MultiplierBits = MultiplierBits.Short }
        : facts with { Factors = actual };

    /// <summary>True when the real bounds that stand in the file give the integers again. The largest numbers would stand for no bound.</summary>
    private static bool IsRecovered(OutputRange range, Quantization output) =>
        (range.Minimum == sbyte.MinValue || IsRecovered(range.Minimum, output)) && (range.Maximum == sbyte.MaxValue || IsRecovered(range.Maximum, output));

    private static bool IsRecovered(sbyte bound, Quantization output) =>
        ClampExport.Real(bound, output) is > float.MinValue and < float.MaxValue and var real && output.Nearest(real) == bound;
}
