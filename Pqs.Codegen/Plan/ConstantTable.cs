using System.Collections.Immutable;

namespace Pqs.Codegen.Plan;

/// <summary>A constant array in flash.</summary>
/// <param name="Role">What it holds (weights, bias, multipliers, shifts); part of its C name.</param>
/// <param name="ElementType">int8_t, uint8_t, uint16_t or int32_t.</param>
/// <param name="Values">Its elements, at least one: C has no empty arrays.</param>
public sealed record ConstantTable(string Role, string ElementType, ImmutableArray<int> Values)
{
    public long Bytes => (long)Values.Length * ElementType switch
    {
        "int8_t" or "uint8_t" => sizeof(byte),
        "uint16_t" => sizeof(ushort),
        _ => sizeof(int),
    };

    public static ConstantTable Int8(string role, IEnumerable<int> values) => new(role, "int8_t", [.. values]);

    public static ConstantTable UInt8(string role, IEnumerable<int> values) => new(role, "uint8_t", [.. values]);

    public static ConstantTable UInt16(string role, IEnumerable<int> values) => new(role, "uint16_t", [.. values]);

    public static ConstantTable Int32(string role, IEnumerable<int> values) => new(role, "int32_t", [.. values]);
}
