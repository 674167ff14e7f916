using System.Text;
using Google.FlatBuffers;

namespace Pqs.Reference.Import.TfLite;

/// <summary>
/// One table of a FlatBuffer that has passed <see cref="TfLiteBufferVerifier"/>: every offset read here is known to stay inside the buffer.
/// Fields are named by their number in the schema; an absent field reads as its default.
/// </summary>
internal readonly struct FlatTable(int position, ByteBuffer buffer)
{
    /// <summary>Names longer than this are cut when read: they are for people, and files may repeat one long name very often.</summary>
    private const int MaximumNameBytes = 256;

    private readonly Table _table = new(position, buffer);

    public static FlatTable Root(ByteBuffer buffer) => new(buffer.GetInt(buffer.Position) + buffer.Position, buffer);

    public bool Has(int field) => Offset(field) != 0;

    public int Byte(int field, int whenAbsent = 0) => Offset(field) is var o && o != 0 ? buffer.Get(position + o) : whenAbsent;

    public int SignedByte(int field) => Offset(field) is var o && o != 0 ? buffer.GetSbyte(position + o) : 0;

    public int Int(int field, int whenAbsent = 0) => Offset(field) is var o && o != 0 ? buffer.GetInt(position + o) : whenAbsent;

    public uint UInt(int field) => Offset(field) is var o && o != 0 ? buffer.GetUint(position + o) : 0;

    public ulong ULong(int field) => Offset(field) is var o && o != 0 ? buffer.GetUlong(position + o) : 0;

    public float Float(int field, float whenAbsent = 0) => Offset(field) is var o && o != 0 ? buffer.GetFloat(position + o) : whenAbsent;

    /// <summary>The text of a string field, cut to a length that people still read.</summary>
    public string Name(int field)
    {
        var length = Math.Min(Length(field), MaximumNameBytes);
        return length == 0 ? "" : Encoding.UTF8.GetString(buffer.ToArraySegment(_table.__vector(Offset(field)), length));
    }

    /// <summary>Number of elements of a vector field; 0 where absent.</summary>
    public int Length(int field) => Offset(field) is var o && o != 0 ? _table.__vector_len(o) : 0;

    public int VectorInt(int field, int index) => buffer.GetInt(_table.__vector(Offset(field)) + (index * sizeof(int)));

    public long VectorLong(int field, int index) => buffer.GetLong(_table.__vector(Offset(field)) + (index * sizeof(long)));

    public float VectorFloat(int field, int index) => buffer.GetFloat(_table.__vector(Offset(field)) + (index * sizeof(float)));

    public ReadOnlySpan<byte> VectorBytes(int field) =>
        Length(field) is var length && length == 0 ? [] : buffer.ToArraySegment(_table.__vector(Offset(field)), length);

    public FlatTable VectorTable(int field, int index) =>
        new(_table.__indirect(_table.__vector(Offset(field)) + (index * sizeof(int))), buffer);

    /// <summary>The table that a field points to, or null where absent.</summary>
    public FlatTable? Table(int field) => Offset(field) is var o && o != 0 ? new FlatTable(_table.__indirect(position + o), buffer) : null;

    private int Offset(int field) => _table.__offset(4 + (2 * field));
}
