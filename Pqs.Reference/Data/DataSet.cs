using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pqs.Reference.Model;

namespace Pqs.Reference.Data;

/// <summary>Samples of one shape, as a file stores them, with labels where there are any. Immutable; at least one sample.</summary>
public sealed record DataSet
{
    /// <summary>No data set takes more memory than this.</summary>
    public const int MaximumBytes = 1 << 30;

    /// <param name="sampleShape">Shape of one sample, the model's batch in front.</param>
    /// <param name="type">UInt8, Int8 or Float32; the floats are finite.</param>
    /// <param name="elements">Whole samples one after another, little-endian; images with the channel fastest.</param>
    /// <param name="labels">One for each sample, at least 0; or null.</param>
    public DataSet(Shape sampleShape, ElementType type, ReadOnlyMemory<byte> elements, ImmutableArray<int>? labels = null)
    {
        SampleShape = sampleShape;
        SampleElements = sampleShape.ElementCount;
        Type = type;
        Elements = elements;
        Count = elements.Length / (SampleElements * type.Size());
        Labels = labels;
        if (type is not (ElementType.UInt8 or ElementType.Int8 or ElementType.Float32) || Count == 0
            || (long)Count * SampleElements * type.Size() != elements.Length || (labels is { } given && given.Length != Count))
        {
            throw new ArgumentException("These are not whole samples with a label each.");
        }
    }

    public Shape SampleShape { get; }

    /// <summary>Number of elements of a sample.</summary>
    public int SampleElements { get; }

    public ElementType Type { get; }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    public ImmutableArray<int>? Labels { get; init; }

    private ReadOnlyMemory<byte> Elements { get; }

    /// <summary>A sample as it is stored.</summary>
    public ReadOnlySpan<byte> Stored(int index)
    {
        var size = SampleElements * Type.Size();
        return Elements.Span.Slice(index * size, size);
    }

    /// <summary>A sample's values as floats, not scaled.</summary>
    public ReadOnlySpan<float> Sample(int index)
    {
        var stored = Stored(index);
        if (Type == ElementType.Float32)
        {
            return MemoryMarshal.Cast<byte, float>(stored);
        }

        var values = new float[SampleElements];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Type == ElementType.UInt8 ? stored[i] : (sbyte)stored[i];
        }

        return values;
    }

    /// <summary>As many samples from <paramref name="start"/> on as there are, at most <paramref name="count"/>; at least one must be left.</summary>
    public DataSet Take(int start, int count)
    {
        var taken = Math.Min(count, Count - start);
        var size = SampleElements * Type.Size();
        return new DataSet(SampleShape, Type, Elements.Slice(start * size, taken * size), Labels?.Slice(start, taken));
    }
}
