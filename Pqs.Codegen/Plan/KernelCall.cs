using System.Collections.Immutable;

namespace Pqs.Codegen.Plan;

/// <summary>How a node is computed on the chip: the call of one C function of the kernel library, with every number it needs.</summary>
/// <param name="Function">Name of the C function; it says the operator, the algorithm and the rounding.</param>
/// <param name="ParameterType">The C struct that it takes first.</param>
/// <param name="Fields">Initial values of that struct's members, in their order.</param>
/// <param name="Tables">Constant arrays that the fields refer to, in the order in which they are stored.</param>
/// <param name="ScratchBytes">Working memory that it needs during the call, passed last; 0 for none.</param>
/// <param name="MayRunInPlace">Whether its output may be one of its inputs.</param>
public sealed record KernelCall(
    string Function,
    string ParameterType,
    ImmutableArray<KernelField> Fields,
    ImmutableArray<ConstantTable> Tables,
    int ScratchBytes = 0,
    bool MayRunInPlace = false)
{
    /// <summary>What it repeats.</summary>
    public required KernelWork Work { get; init; }

    /// <summary>Bytes of flash that its tables take.</summary>
    public long TableBytes => Tables.Sum(table => table.Bytes);
}
