using System.Collections.Immutable;

namespace Pqs.Codegen.Plan;

/// <summary>A member of a kernel's parameter struct: a table's address or a null pointer, one number, or an array of numbers.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="Values">One number, or several for an array member; empty for a table.</param>
/// <param name="Table">Role of the table that it points to, or null.</param>
public sealed record KernelField(string Name, ImmutableArray<int> Values, string? Table)
{
    public static KernelField Number(string name, int value) => new(name, [value], null);

    public static KernelField Array(string name, ImmutableArray<int> values) => new(name, values, null);

    /// <summary>The null pointer of a table that there is none of.</summary>
    public static KernelField NoTable(string name) => new(name, [], null);

    public static KernelField TableAddress(ConstantTable table) => new(table.Role, [], table.Role);
}
