using System.Collections.Immutable;

namespace Pqs.Codegen.Targets;

/// <summary>What code can be generated for: one file in targets/.</summary>
/// <param name="Name">The name that users give; the file's name without ".json".</param>
/// <param name="Description">One line for people.</param>
/// <param name="Architecture">For example ARMv7E-M, or host.</param>
/// <param name="Features">What its instruction set has beside the base: dsp, long-multiply, mve. The kernels find out by themselves; this is for people and programs.</param>
/// <param name="Compilers">Names of the compilers that its code is built with, at least one. A microcontroller has exactly one.</param>
/// <param name="Flags">Compiler and linker flags of this target, beside those of every build.</param>
/// <param name="StackBytes">
/// Bound of the stack that a call of generated code needs, whichever kernels it uses, built by this compiler as verification builds it; null where none is
/// known. Verification checks it against the analysis of each image.
/// </param>
/// <param name="Costs">What the kernels take; <see cref="CostTable.None"/> where that was not measured.</param>
/// <param name="Firmware">How a bare-metal program is linked and run; null for a host, where programs run as they are.</param>
public sealed record Target(
    string Name,
    string Description,
    string Architecture,
    ImmutableArray<string> Features,
    ImmutableArray<string> Compilers,
    ImmutableArray<string> Flags,
    int? StackBytes,
    CostTable Costs,
    FirmwareSupport? Firmware)
{
    public bool IsHost => Firmware is null;
}
