using System.Buffers.Binary;

namespace Pqs.Reference.Import.TfLite;

/// <summary>
/// Checks that the parts of a FlatBuffer lie inside it, table by table. (The FlatBuffers library's verifier holds the distance of a table from its
/// vtable in 16 bits, which is too few for model files: tables share vtables across the weights between them.)
/// Alignment is not required: elements are read byte-wise, and some converters do not align.
/// </summary>
internal sealed class FlatBufferVerifier(ReadOnlyMemory<byte> memory)
{
    /// <summary>Checks the table at a position that is known to hold four bytes inside the buffer.</summary>
    public delegate bool TableCheck(int position);

    /// <summary>Tables may be shared, so a small file can claim very many; no model for a microcontroller comes near.</summary>
    private const int MaximumTables = 50_000;

    private int _tables;

    private ReadOnlySpan<byte> Bytes => memory.Span;

    public bool Root(TableCheck check) => Target(0) is { } position && check(position);

    /// <summary>The table's own extent and that of its vtable.</summary>
    public bool Table(int position)
    {
        var vtable = position - (long)Int(position);
        if (++_tables > MaximumTables || !Contains(vtable, 4))
        {
            return false;
        }

        var (vtableSize, tableSize) = (UShort((int)vtable), UShort((int)vtable + 2));
        return vtableSize >= 4 && vtableSize % 2 == 0 && tableSize >= 4 && Contains(vtable, vtableSize) && Contains(position, tableSize);
    }

    /// <summary>A field of a fixed size, or an absent one.</summary>
    public bool Scalar(int table, int field, int size)
    {
        var offset = Offset(table, field);
        return offset == 0 || (offset >= 4 && offset + size <= UShort(VTable(table) + 2));
    }

    /// <summary>A vector of elements of a fixed size, or an absent one. A string is a vector of bytes.</summary>
    public bool Vector(int table, int field, int elementSize) => Reference(table, field, position => VectorAt(position, elementSize));

    /// <summary>A vector of tables, or an absent one.</summary>
    public bool Tables(int table, int field, TableCheck check) => Reference(table, field, position =>
    {
        if (!VectorAt(position, sizeof(int)))
        {
            return false;
        }

        var count = Int(position);
        for (var i = 0; i < count; i++)
        {
            if (Target(position + sizeof(int) + (i * sizeof(int))) is not { } element || !check(element))
            {
                return false;
            }
        }

        return true;
    });

    /// <summary>A table, or an absent one.</summary>
    public bool SingleTable(int table, int field, TableCheck check) => Reference(table, field, check);

    private bool Reference(int table, int field, TableCheck check)
    {
        if (!Scalar(table, field, sizeof(int)))
        {
            return false;
        }

        var offset = Offset(table, field);
        return offset == 0 || (Target(table + offset) is { } position && check(position));
    }

    private bool VectorAt(int position, int elementSize) =>
        Int(position) is var count && count >= 0 && Contains(position + (long)sizeof(int), (long)count * elementSize);

    /// <summary>Where the unsigned offset at a position leads, if there are four bytes.</summary>
    private int? Target(int position)
    {
        if (!Contains(position, sizeof(int)))
        {
            return null;
        }

        var target = position + (long)(uint)Int(position);
        return Contains(target, sizeof(int)) ? (int)target : null;
    }

    private int Offset(int table, int field)
    {
        var entry = 4 + (2 * field);
        var vtable = VTable(table);
        return entry + 2 <= UShort(vtable) ? UShort(vtable + entry) : 0;
    }

    private int VTable(int table) => table - Int(table);

    private bool Contains(long position, long size) => position >= 0 && position + size <= Bytes.Length;

    private int Int(int position) => BinaryPrimitives.ReadInt32LittleEndian(Bytes[position..]);

    private int UShort(int position) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes[position..]);
}
