using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Pqs.Reference.Import.TfLite;

/// <summary>The data of constant tensors. Tensors may share a buffer, so a small file can claim very many elements; they then share what is read.</summary>
internal sealed class SourceBuffer(FlatTable table)
{
    private ImmutableArray<sbyte>? _int8;
    private ImmutableArray<float>? _float32;

    public int Length => table.Length(TfLiteSchema.Buffer.Data);

    public ReadOnlySpan<byte> Bytes => table.VectorBytes(TfLiteSchema.Buffer.Data);

    /// <summary>The bytes as int8 elements.</summary>
    public ImmutableArray<sbyte> Int8 => _int8 ??= [.. MemoryMarshal.Cast<byte, sbyte>(Bytes)];

    /// <summary>The bytes as float32 elements.</summary>
    public ImmutableArray<float> Float32 => _float32 ??= [.. MemoryMarshal.Cast<byte, float>(Bytes)];
}
