using System.Collections.Immutable;

namespace Pqs.Codegen.Plan;

/// <summary>A constant array in flash.</summary>
/// <param name="Role">What it holds (weights, bias, multipliers, shifts); part of its C name.</param>
/// <param name="ElementType">int8_t or int32_t.</param>
/// <param name="Values">Its elements.</param>
public sealed record ConstantTable(string Role, string ElementType, ImmutableArray<int> Values)
{
    public long Bytes => (long)Values.Length * (ElementType == "int8_t" ? sizeof(sbyte) : sizeof(int));

    public static ConstantTable Int8(string role, IEnumerable<int> values) => new(role, "int8_t", [.. values]);

    public static ConstantTable Int32(string role, IEnumerable<int> values) => new(role, "int32_t", [.. values]);
}
