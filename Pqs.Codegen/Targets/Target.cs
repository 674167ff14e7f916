using System.Collections.Immutable;

namespace Pqs.Codegen.Targets;

/// <summary>What code can be generated for: one file in targets/.</summary>
/// <param name="Name">The name that users give; the file's name without ".json".</param>
/// <param name="Description">One line for people.</param>
/// <param name="Architecture">For example ARMv7E-M, or host.</param>
/// <param name="Features">What the planner may rely on: dsp, long-multiply, mve.</param>
/// <param name="Compilers">Names of the compilers that its code is built with, at least one. A microcontroller has exactly one.</param>
/// <param name="Flags">Compiler and linker flags of this target, beside those of every build.</param>
/// <param name="Firmware">How a bare-metal program is linked and run; null for a host, where programs run as they are.</param>
public sealed record Target(
    string Name,
    string Description,
    string Architecture,
    ImmutableArray<string> Features,
    ImmutableArray<string> Compilers,
    ImmutableArray<string> Flags,
    FirmwareSupport? Firmware)
{
    public bool IsHost => Firmware is null;
}
