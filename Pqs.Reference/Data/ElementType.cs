namespace Pqs.Reference.Data;

/// <summary>What an element of an array in a data file is.</summary>
public enum ElementType
{
    UInt8,
    Int8,
    Int16,
    Int32,
    Int64,
    Float32,
    Float64,
}

internal static class ElementTypes
{
    /// <summary>Bytes of one element.</summary>
    public static int Size(this ElementType type) => type switch
    {
        ElementType.UInt8 or ElementType.Int8 => 1,
        ElementType.Int16 => 2,
        ElementType.Int32 or ElementType.Float32 => 4,
        _ => 8,
    };

    public static bool IsInteger(this ElementType type) => type is not (ElementType.Float32 or ElementType.Float64);
}
